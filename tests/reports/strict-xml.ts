/** A parser for the XML that JUnit readers take: strict where it matters to them, without DTDs, comments or namespaces. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** All character data directly inside, joined. */
  readonly text: string;
}

/** XML 1.0, production 2. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const character = whole.endsWith(';') ? entities[name] : undefined;
    if (character === undefined) throw new Error(`Expected an entity, got ${whole}.`);
    return character;
  });
}

/** @throws Error at the first thing that is not well-formed */
export function parseXml(source: string): Element {
  const bad = forbidden.exec(source);
  if (bad !== null) throw new Error(`Character U+${bad[0].codePointAt(0)?.toString(16)} at ${bad.index} is no XML 1.0.`);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray => {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = at;
    const match = sticky.exec(source);
    if (match === null) throw new Error(`Expected ${pattern} at ${at}, got ${JSON.stringify(source.slice(at, at + 60))}.`);
    at = sticky.lastIndex;
    return match;
  };
  take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/);
  const root = element();
  take(/\s*$/);
  return root;

  function element(): Element {
    const name = take(/<([A-Za-z][\w.-]*)/)[1]!;
    const attributes: Record<string, string> = {};
    while (/\s/.test(source[at] ?? '')) {
      take(/\s+/);
      if (source[at] === '/' || source[at] === '>') break;
      const [, key, value] = take(/([A-Za-z][\w.-]*)="([^"<]*)"/);
      if (key! in attributes) throw new Error(`Attribute ${key} is repeated at ${at}.`);
      attributes[key!] = decode(value!);
    }
    if (take(/\/?>/)[0] === '/>') return { name, attributes, children: [], text: '' };
    const children: Element[] = [];
    let text = '';
    for (;;) {
      const data = take(/[^<]*/)[0];
      if (data.includes(']]>')) throw new Error(`"]]>" in character data before ${at}.`);
      text += decode(data);
      if (source.startsWith('</', at)) break;
      children.push(element());
    }
    take(new RegExp(`</${name}>`));
    return { name, attributes, children, text };
  }
}
