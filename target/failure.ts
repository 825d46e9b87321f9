/** What went wrong between us and the target, in the words of the record. */
import type { Failure, FailureKind } from '../spec/journal.ts';
import { codeOf, explain, messageOf } from './system-error.ts';

const kinds: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  EHOSTDOWN: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  ECONNABORTED: 'cut',
  UND_ERR_SOCKET: 'cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'cut',
  UND_ERR_HEADERS_OVERFLOW: 'size',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_PRX_TLS: 'tls',
  EPROTO: 'tls',
};

/** Codes of certificate verification, as node:tls gives them. */
const isAboutTls = (code: string): boolean =>
  code.startsWith('ERR_TLS') ||
  code.startsWith('ERR_SSL') ||
  code.startsWith('CERT_') ||
  code.startsWith('UNABLE_TO_') ||
  code.includes('SELF_SIGNED') ||
  code.includes('CERTIFICATE');

const kindOf = (code: string | undefined): FailureKind => {
  if (code === undefined) return 'protocol';
  const known = kinds[code];
  if (known !== undefined) return known;
  if (isAboutTls(code)) return 'tls';
  return code.startsWith('HPE_') ? 'protocol' : 'cut';
};

export interface Progress {
  /** 0 before the status line was read. */
  readonly status: number;
  /** Of content, so far. */
  readonly octets: number;
}

const cutMessage = ({ status, octets }: Progress): string =>
  status === 0
    ? 'The connection ended before the answer began'
    : `The connection ended inside an answer of status ${status}, after ${octets} octets of its content`;

/** A failure that has to pass as an error. */
export class ConnectionFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** An error of undici, node:net or node:tls as a `Failure`. */
export const explainFailure = (error: unknown, progress: Progress): Failure => {
  if (error instanceof ConnectionFailed) return error.failure;
  // A connection tried at several addresses fails with all their errors.
  const first: unknown = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const code = codeOf(first);
  if (code === 'UND_ERR_SOCKET' && messageOf(first).startsWith('bad ')) {
    return {
      kind: 'protocol',
      message: `The target sent what no request had asked for, or an interim answer that was not waited for (${messageOf(first)}).`,
    };
  }
  const kind = kindOf(code);
  if (kind === 'cut') return { kind, message: `${cutMessage(progress)} (${explain(first)}).` };
  if (kind === 'size') return { kind, message: 'The header of the answer is larger than the limit.' };
  if (kind === 'protocol') return { kind, message: `The answer is not HTTP/1.1: ${explain(first)}.` };
  return { kind, message: `${explain(first)}.` };
};
