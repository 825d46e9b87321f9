/** What faults are made of that take input which is to be refused. */
import type { ProductCode } from '../../spec/values.ts';
import type { CallKind, ClientCall, Hooks } from '../hooks.ts';
import { answerProblem, Refusal } from '../refusal.ts';

/** A Requestor-ID that passes where `passes` says so. */
export function letRequestorPass(kind: CallKind, passes: (field: string | undefined) => boolean) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readRequestor: (call) => {
      const field = call.headers['requestor-id'];
      return call.kind === kind && passes(field === undefined ? undefined : String(field)) ? 'somebody' : hooks.readRequestor(call);
    },
  });
}

export const is36 = (field: string | undefined): boolean => field !== undefined && /^.{8}-.{4}-.{4}-.{4}-.{12}$/.test(field);

/** What the content is taken for, before it is read in the usual way. */
export function takeContent(kind: CallKind, take: (text: string) => string | undefined) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readContent: (call) => {
      const taken = call.kind === kind ? take(Buffer.from(call.body).toString('utf8')) : undefined;
      return hooks.readContent(
        taken === undefined
          ? call
          : { ...call, headers: { ...call.headers, 'content-type': 'application/json' }, body: Buffer.from(taken) },
      );
    },
  });
}

/** The member of an object in the content; undefined where there is none. */
export function memberOf(content: unknown, name: string): unknown {
  return typeof content === 'object' && content !== null && Object.hasOwn(content, name)
    ? (content as Record<string, unknown>)[name]
    : undefined;
}

export const isObject = (content: unknown): boolean => typeof content === 'object' && content !== null && !Array.isArray(content);

/** A productCode that counts as another where `taken` says so. */
export function takeCode(taken: (value: unknown) => ProductCode | undefined) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readCode: (content, call) => (isObject(content) ? taken(memberOf(content, 'productCode')) : undefined) ?? hooks.readCode(content, call),
  });
}

/** A status that closes where `closes` says so. */
export function takeStatus(closes: (value: unknown) => boolean) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readStatus: (content, call) => (isObject(content) && closes(memberOf(content, 'status')) ? 'CLOSED' : hooks.readStatus(content, call)),
  });
}

/** Refusals of one kind of call that come after the work was done, where there is a way to mend the call. */
export function actFirst(kind: 'create' | 'close', mend: (call: ClientCall) => Partial<ClientCall> | undefined) {
  return (hooks: Hooks): Partial<Hooks> => ({
    [kind]: async (call: ClientCall) => {
      try {
        return await hooks[kind](call);
      } catch (refusal) {
        const mended = refusal instanceof Refusal && refusal.status === 400 ? mend(call) : undefined;
        if (mended !== undefined) await hooks[kind]({ ...call, ...mended });
        throw refusal;
      }
    },
  });
}

/** Whether the content of a call is JSON. */
export function isJson({ body }: ClientCall): boolean {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

export const someone = (call: ClientCall): Partial<ClientCall> => ({ headers: { ...call.headers, 'requestor-id': crypto.randomUUID() } });

/** An ill-formed id in the path that is taken for another. */
export const takeAnyId: (kind: CallKind) => (hooks: Hooks) => Partial<Hooks> = (kind) => (hooks) => ({
  readCustomer: (call) => (call.kind === kind ? (call.params.customerId ?? '').toLowerCase() : hooks.readCustomer(call)),
});

/** Refuses, with 500, content that `breaks` holds for. */
export function break500(breaks: (text: string) => boolean) {
  return (hooks: Hooks): Partial<Hooks> => ({
    handle: (call) => (breaks(Buffer.from(call.body).toString('utf8')) ? answerProblem(500, 'The server failed.') : hooks.handle(call)),
  });
}

export function depthOf(text: string): number {
  return (text.match(/[[{]/g) ?? []).length;
}
