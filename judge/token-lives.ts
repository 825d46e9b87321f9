/**
 * Whether tokens are refused before their time. Once is no proof: a token may be revoked. That it happens to one token after
 * another, each the newest given, is the target's doing, and so is a token refused now and taken again afterwards.
 */
import { isAccepted, isPlain, type Message } from '../generators/model/message.ts';
import { isRecord } from '../generators/model/product.ts';

const timesNeeded = 3;
/** A token without `expires_in` may be short-lived: only at its first use is it surely fresh. */
const freshMs = 2_000;
/** Of its life, the part in which there is no doubt. */
const sureShare = 0.75;

export interface TokenLives {
  message(message: Message): void;
  /** The refusals that prove it, once there are enough. */
  readonly refusals: readonly Message[] | undefined;
}

export function watchTokenLives(): TokenLives {
  const issued = new Map<string, { at: number; surely: number }>();
  /** When tokens were given, whoever asked for them: a new one may end the old ones (TOK-13). */
  const issuedAt: number[] = [];
  const early = new Map<string, Message>();
  const doubted = new Map<string, Message[]>();
  const relapses: Message[] = [];

  return {
    message(message) {
      const { intent, status, exchange } = message;
      if (intent.operation === 'token') {
        if (status !== 200 || !isRecord(message.json) || typeof message.json.access_token !== 'string') return;
        const { access_token: token, expires_in: seconds } = message.json;
        issuedAt.push(message.to);
        issued.set(token as string, { at: message.to, surely: typeof seconds === 'number' ? seconds * 1_000 * sureShare : freshMs });
        return;
      }
      if (status !== 401 && (doubted.size === 0 || !isAccepted(message))) return;
      if (!isPlain(intent)) return;
      const token = bearerOf(exchange.request.headers);
      if (token === undefined) return;
      if (status !== 401) {
        const before = doubted.get(token)?.filter(({ to }) => to < message.from) ?? [];
        if (before.length === 0) return;
        relapses.push(before[0]!);
        doubted.delete(token);
        return;
      }
      const life = issued.get(token);
      if (life !== undefined && message.to - life.at <= life.surely && !issuedAt.some((at) => at > life.at && at < message.to)) {
        if (!early.has(token)) early.set(token, message);
      }
      const list = doubted.get(token);
      if (list === undefined) doubted.set(token, [message]);
      else list.push(message);
    },
    get refusals() {
      if (early.size >= timesNeeded) return [...early.values()];
      return relapses.length >= timesNeeded ? relapses : undefined;
    },
  };
}

function bearerOf(headers: readonly (readonly [string, string])[]): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  return value === undefined ? undefined : /^bearer +(.+)$/i.exec(value)?.[1];
}
