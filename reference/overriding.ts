/** The usual ways to lay something over the hooks; faults and variants are made of these. */
import type { Answer } from './answer.ts';
import { withHeaders } from './answer.ts';
import type { Call, CallKind, ClientCall, Hooks, Override } from './hooks.ts';
import type { JsonObject } from './presentation.ts';
import type { Product } from './product.ts';

/** Several overrides as one, each laid over those before it. */
export function combine(...overrides: readonly Override[]): (hooks: Hooks) => Hooks {
  return (hooks) => {
    let inForce = hooks;
    for (const apply of overrides) inForce = { ...inForce, ...apply(inForce) };
    return inForce;
  };
}

/** The finished answer, changed where the change returns one. */
export function changeAnswer(change: (answer: Answer, call: Call) => Answer | undefined): Override {
  return (hooks) => ({
    finish: (answer, call) => {
      const finished = hooks.finish(answer, call);
      return change(finished, call) ?? finished;
    },
  });
}

/** Sets header fields of the finished answers that `when` holds for; an undefined one is left out. */
export function setHeaders(
  fields: Readonly<Record<string, string | readonly string[] | undefined>>,
  when: (answer: Answer, call: Call) => boolean,
): Override {
  return changeAnswer((answer, call) => (when(answer, call) ? withHeaders(answer, fields) : undefined));
}

/** Changes the products as they are shown, in lists and gets. */
export function changeShown(change: (shown: JsonObject, product: Product, call: ClientCall) => JsonObject): Override {
  return (hooks) => ({ present: (product, call) => change(hooks.present(product, call), product, call) });
}

/** Changes the list of products that a list is going to show. */
export function changeSelected(change: (products: Product[], call: ClientCall) => Product[]): Override {
  return (hooks) => ({ selectList: (customer, filters, call) => change(hooks.selectList(customer, filters, call), call) });
}

/** Changes a product as it is made. */
export function changeNew(change: (product: Product, call: ClientCall) => Product): Override {
  return (hooks) => ({ newProduct: (code, customer, call) => change(hooks.newProduct(code, customer, call), call) });
}

/** Changes what a close makes of a product that was open. */
export function changeClosed(change: (closed: Product, before: Product, call: ClientCall) => Product): Override {
  return (hooks) => ({
    applyClose: (product, call) => {
      const closed = hooks.applyClose(product, call);
      return product.status === 'CLOSED' ? closed : change(closed, product, call);
    },
  });
}

/** The text of an answer's content. */
export function textOf(answer: Answer): string {
  return typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body).toString('utf8');
}

/** The answer with another text; the length follows. */
export function withText(answer: Answer, text: string | Uint8Array): Answer {
  return { ...answer, body: text };
}

export function isKind(call: Call, ...kinds: readonly CallKind[]): boolean {
  return kinds.includes(call.kind);
}

/** An object without one of its members. */
export function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = object;
  return rest;
}

/** True on every nth asking: for what fails now and then. */
export function everyNth(n: number): () => boolean {
  let asked = 0;
  return () => ++asked % n === 0;
}
