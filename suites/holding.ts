/**
 * What a run has learnt of closes: the business may hold a product for a while after it has opened, and refuse to close it before
 * (R-CLOSABLE). Where nothing can be closed at once, nothing of closes could be seen.
 */
import { isRefused, readMessage } from '../generators/model/message.ts';
import type { Exchange, Probe } from '../spec/journal.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';

/** Shared by all who close in a run. */
export interface Holding {
  /** How long after it was first seen ACTIVE a product was closed that had been refused before; the longest, in milliseconds. */
  heldMs: number;
  /** Products refused to the end. */
  vain: number;
  /** Settles when it is known whether the first product that was refused is closed later. */
  learning: Promise<unknown> | undefined;
}

export const newHolding = (): Holding => ({ heldMs: 0, vain: 0, learning: undefined });

/** A close that was refused is sent again after the one, and after the other. */
const gapsMs = [400, 1_200];
/** Where so many were refused to the end, and none was closed, it is not tried any more. */
const vainAtMost = 2;

const ageOf = ({ guide, session }: Stage, id: string): number =>
  session.now() - (guide.known.products.get(id)?.active?.to ?? Number.POSITIVE_INFINITY);

/** Waits, where products are held, until this one can be expected to be free; and where that is not known yet, until it is. */
export async function awaitFree(stage: Stage, id: string): Promise<void> {
  await stage.holding.learning;
  const restMs = stage.holding.heldMs - ageOf(stage, id);
  if (restMs > 0 && Number.isFinite(restMs)) await stage.wait(restMs);
}

/**
 * Closes a product. Refused, and still ACTIVE, it is closed again when it is older. Resolves to the last of the closes; `onSent` is told of
 * every exchange.
 */
export async function closeWhenFree(
  stage: Stage,
  place: Place,
  id: string,
  probe?: Probe,
  onSent: (exchange: Exchange) => void = () => {},
): Promise<Exchange> {
  const { holding } = stage;
  const exchange = await stage.close(place, id, probe);
  onSent(exchange);
  if (!isHeld(exchange) || (holding.heldMs === 0 && holding.vain >= vainAtMost)) return exchange;
  const closing = closeLater(stage, place, id, exchange, probe, onSent);
  if (holding.heldMs === 0) {
    holding.learning ??= closing
      .catch(() => {})
      .finally(() => {
        holding.learning = undefined;
      });
  }
  return closing;
}

async function closeLater(
  stage: Stage,
  place: Place,
  id: string,
  refused: Exchange,
  probe: Probe | undefined,
  onSent: (exchange: Exchange) => void,
): Promise<Exchange> {
  const { guide, holding } = stage;
  let exchange = refused;
  for (const gapMs of gapsMs) {
    // A refusal that closes all the same is seen as what it is before another close could account for it.
    onSent(await stage.get(id));
    if (guide.known.products.get(id)?.last?.shown.status !== 'ACTIVE') return exchange;
    await stage.wait(gapMs);
    const ageMs = ageOf(stage, id);
    exchange = await stage.close(place, id, probe);
    onSent(exchange);
    if (exchange.answer?.status === 200 && Number.isFinite(ageMs)) holding.heldMs = Math.max(holding.heldMs, ageMs);
    if (!isHeld(exchange)) return exchange;
  }
  holding.vain += 1;
  return exchange;
}

const isHeld = (exchange: Exchange): boolean => isRefused(readMessage(exchange)) && exchange.answer?.status !== 401;
