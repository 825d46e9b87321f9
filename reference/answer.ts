/** An answer before it is put on the wire. */
export interface Answer {
  readonly status: number;
  /** By name in its usual spelling (`Content-Type`). `Content-Length` is added on sending, unless it stands here. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** The content; empty for none. */
  readonly body: string | Uint8Array;
}

export function answerJson(status: number, text: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: text };
}

export function answerEmpty(status: number, headers: Answer['headers'] = {}): Answer {
  return { status, headers, body: '' };
}

/** The answer with these fields set; a field that is undefined here is left out. */
export function withHeaders(answer: Answer, fields: Readonly<Record<string, string | readonly string[] | undefined>>): Answer {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries({ ...answer.headers, ...fields })) if (value !== undefined) headers[name] = value;
  return { ...answer, headers };
}
