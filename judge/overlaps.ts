/** Writes that were under way at the same time, found as their answers come in. */
import type { Message } from '../generators/model/message.ts';
import type { Closing, Creation, Product } from '../generators/model/product.ts';

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export type Write = Interval & { readonly id: string; readonly customer: string | undefined } & (
    | { readonly creation: Creation; readonly closing?: undefined }
    | { readonly closing: Closing; readonly creation?: undefined }
  );

/** What ended in the moment the other began, was before it. */
export const overlap = (one: Interval, other: Interval): boolean => one.from < other.to && other.from < one.to;

/** From when to when a close was under way; without end while its answer is awaited. */
export const spanOf = ({ from, message }: Closing): Interval => ({ from, to: message?.to ?? Number.POSITIVE_INFINITY });

/** Whether two closes of the product were under way at once. */
export const isRaced = ({ closings }: Product): boolean =>
  closings.some((one, index) => one.valid && closings.slice(index + 1).some((other) => other.valid && overlap(spanOf(one), spanOf(other))));

export const createOf = (creation: Creation, { id, to }: Message): Write => ({
  creation,
  id,
  from: creation.from,
  to,
  customer: creation.customer,
});

export const closeOf = (closing: Closing, { id, to }: Message): Write => ({
  closing,
  id,
  from: closing.from,
  to,
  customer: closing.product.customer,
});

/** More than so many requests are never under way at once. */
const rememberedAtMost = 64;

/** Returns a function that takes each write as its answer comes in, and gives those before it that it overlapped. */
export function watchWrites(): (write: Write) => readonly Write[] {
  const recent: Write[] = [];
  return (write) => {
    const beside = recent.filter((other) => overlap(other, write));
    recent.push(write);
    if (recent.length > rememberedAtMost) recent.shift();
    return beside;
  };
}
