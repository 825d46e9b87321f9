import type { Answer } from './answer.ts';

/** Thrown where a request is refused. `message` tells the client's developer what was expected, what came and what to do. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** The standard phrase of a status, for problem titles and status lines. */
export function titleOf(status: number): string {
  return titles[status] ?? 'Error';
}

/** A problem document (RFC 9457) with `status` as the HTTP status. */
export function answerProblem(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = JSON.stringify({ type: 'about:blank', title: titleOf(status), status, detail });
  return { status, headers: { 'Content-Type': 'application/problem+json', ...headers }, body };
}

/** What a value is, for messages: its kind, and a short text itself. Never long, never deep. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return value.length > 40 ? `a text of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${String(value)}`;
}
