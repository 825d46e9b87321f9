/** From a journal to requests that can be sent again, to a server that has never seen any of them. */

/** Nothing is under way for at least so long: a pause the suite makes on purpose, to let products age. */
const pauseMs = 100;

/**
 * The driving phase: from the first campaign to the end of the last one, with the exchanges sent in it.
 * `ms` leaves out the pauses, `pausedMs`, in which nothing was under way.
 */
export function readDriving(lines) {
  const campaigns = lines.filter(({ type }) => type === 'campaign');
  const from = Math.min(...campaigns.map(({ at }) => at));
  const to = Math.max(...campaigns.map(({ at }) => at));
  const exchanges = lines
    .filter((line) => line.type === 'exchange' && line.sentAt >= from && line.receivedAt <= to)
    .sort((a, b) => a.sentAt - b.sentAt);
  let busyUntil = from;
  let pausedMs = 0;
  for (const { sentAt, receivedAt } of exchanges) {
    if (sentAt - busyUntil >= pauseMs) pausedMs += sentAt - busyUntil;
    busyUntil = Math.max(busyUntil, receivedAt);
  }
  return { exchanges, ms: to - from - pausedMs, pausedMs };
}

const productInPath = /^\/products\/([0-9a-f-]{36})(?=$|\?)/i;

/** What the bare loop is given: requests in the order of sending, with the products each makes and needs. */
export function writeRequests(exchanges, origin) {
  const made = new Set();
  const ibans = new Map();
  return exchanges.flatMap(({ request, answer, failure, intent }) => {
    // What was cut off, or went over a raw socket, is none that a plain client sends.
    if (failure !== undefined || answer.wire !== undefined) return [];
    const path = request.url.slice(origin.length);
    const shown = parse(answer.body?.text);
    const makes = intent.operation === 'create' && answer.status === 200 ? shown?.customerProductId?.toLowerCase() : undefined;
    const inPath = productInPath.exec(path)?.[1]?.toLowerCase();
    for (const product of Array.isArray(shown) ? shown : [shown]) {
      if (product?.accountData?.iban !== undefined) ibans.set(product.accountData.iban, product.customerProductId.toLowerCase());
    }
    const iban = /[?&]iban=([A-Z0-9]+)/.exec(path)?.[1];
    const each = {
      method: request.method,
      path,
      headers: request.headers.flat(),
      body: request.body?.text ?? (request.body?.base64 === undefined ? undefined : { base64: request.body.base64 }),
      makes,
      needs: inPath !== undefined && made.has(inPath) ? inPath : undefined,
      iban: ibans.has(iban) ? { written: iban, of: ibans.get(iban) } : undefined,
    };
    if (makes !== undefined) made.add(makes);
    return [each];
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
