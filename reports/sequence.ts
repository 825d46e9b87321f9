/**
 * The sequence that shows a finding, told for a reader: numbered steps, each with the answer seen.
 *
 * A counterexample's steps speak of `a` and `p1`, its exchanges of real identifiers; here the two are brought together.
 */
import type { Exchange, Step, StepFilter } from '../spec/journal.ts';
import type { Finding } from '../spec/report.ts';
import { describeAnswer, describeRequest } from './exchange-text.ts';
import { createdProduct, letterOf, type Names, namesByAppearance, namesFrom } from './names.ts';

export interface SequenceLine {
  /** `3`; `3a`, `3b` for what was done at the same time; `3a.2` for the second step of a branch. */
  readonly number: string;
  /** How far in it belongs: 1 inside a group done at the same time. */
  readonly depth: 0 | 1;
  /** Not yet made safe to print. */
  readonly text: string;
  /** Not yet made safe to print. */
  readonly answer?: string;
  /** Id of the exchange told here. */
  readonly exchange?: string;
}

export interface Sequence {
  readonly lines: readonly SequenceLine[];
  readonly names: Names;
  /** The exchanges that show the finding, of the smallest sequence where there is one, as far as the evidence holds them. */
  readonly exchanges: readonly Exchange[];
}

export function tellSequence(finding: Finding, evidence: ReadonlyMap<string, Exchange>): Sequence {
  const { counterexample } = finding;
  const ids = counterexample?.exchanges ?? finding.exchanges;
  const exchanges = ids.map((id) => evidence.get(id)).filter((exchange) => exchange !== undefined);
  if (counterexample === undefined) {
    const names = namesByAppearance(exchanges);
    const lines = exchanges.map((exchange, index): SequenceLine => {
      return {
        number: String(index + 1),
        depth: 0,
        text: describeRequest(exchange, names),
        answer: describeAnswer(exchange, names),
        exchange: exchange.id,
      };
    });
    return { lines, names, exchanges };
  }
  const { matches, names } = matchSteps(counterexample.steps, exchanges);
  const lines: SequenceLine[] = [];
  counterexample.steps.forEach((step, index) => {
    const number = String(index + 1);
    if (step.do !== 'together') {
      lines.push(lineOf(step, number, 0));
      return;
    }
    lines.push({ number, depth: 0, text: 'at the same time:' });
    step.branches.forEach((branch, branchIndex) => {
      const letter = `${number}${letterOf(branchIndex)}`;
      const flat = branch.flatMap(flatten);
      flat.forEach((inner, innerIndex) => {
        lines.push(lineOf(inner, flat.length === 1 ? letter : `${letter}.${innerIndex + 1}`, 1));
      });
    });
  });
  return { lines, names, exchanges };

  function lineOf(step: SingleStep, number: string, depth: 0 | 1): SequenceLine {
    const exchange = matches.get(step);
    const line = { number, depth, text: describeStep(step) };
    return exchange === undefined ? line : { ...line, answer: describeAnswer(exchange, names), exchange: exchange.id };
  }
}

export type SingleStep = Exclude<Step, { readonly do: 'together' }>;

export function flatten(step: Step): readonly SingleStep[] {
  return step.do === 'together' ? step.branches.flatMap((branch) => branch.flatMap(flatten)) : [step];
}

const shared = { head: 'beginning', tail: 'end', checkDigits: 'check digits', account: 'account number' } as const;

function describeStepFilter(filter: StepFilter): string {
  if ('of' in filter && filter.sharing !== undefined) return `, an iban with the ${shared[filter.sharing]} of that of ${filter.of}`;
  return 'of' in filter ? `, iban of ${filter.of}` : `, ${filter.name}=${filter.value}`;
}

/** `close p1`. Not yet made safe to print. */
export function describeStep(step: SingleStep): string {
  switch (step.do) {
    case 'create':
      return `create ${step.as} (${step.code}) for customer ${step.customer}`;
    case 'list':
      return `list customer ${step.customer}${(step.filters ?? []).map(describeStepFilter).join('')}`;
    case 'get':
      return `get ${step.product}${step.until === undefined ? '' : ` until it is ${step.until}`}`;
    case 'close':
      return `close ${step.product}`;
    case 'wait':
      return `wait ${step.ms < 1_000 ? `${step.ms} ms` : `${step.ms / 1_000} s`}`;
    case 'probe': {
      const on = step.product ?? (step.customer === undefined ? undefined : `customer ${step.customer}`);
      return `probe ${step.probe}${on === undefined ? '' : ` on ${on}`}`;
    }
  }
}

/** Which exchange performed which step, and whose names stand for whom. */
function matchSteps(steps: readonly Step[], exchanges: readonly Exchange[]): { matches: ReadonlyMap<SingleStep, Exchange>; names: Names } {
  const customers = new Map<string, string>();
  const products = new Map<string, string>();
  const matches = new Map<SingleStep, Exchange>();
  const unused = exchanges
    .filter(({ intent }) => intent.operation !== 'token' && intent.cleanup === undefined)
    .sort((a, b) => a.sentAt - b.sentAt);

  matchBackwards(steps, Number.POSITIVE_INFINITY);
  return { matches, names: namesFrom(inverted(customers), inverted(products)) };

  /**
   * From the last step to the first, each the last exchange that fits: a read that waited for something to settle was sent again and
   * again, an attempt that was told to come back later was too, and the step is the one that was heard. A step was answered before
   * the one after it was sent; branches ended together. Gives when the first was sent.
   */
  function matchBackwards(turn: readonly Step[], before: number): number {
    return turn.reduceRight((start, step) => {
      if (step.do === 'together') {
        return Math.min(start, ...step.branches.map((branch) => matchBackwards(branch, start)));
      }
      const exchange = step.do === 'wait' ? undefined : unused.findLast((one) => one.receivedAt <= start && performs(one, step));
      if (exchange === undefined) {
        return start;
      }
      matches.set(step, exchange);
      unused.splice(unused.indexOf(exchange), 1);
      bind(step, exchange);
      return Math.min(start, exchange.sentAt);
    }, before);
  }

  function bind(step: SingleStep, exchange: Exchange): void {
    const { customer } = exchange.intent;
    if ((step.do === 'create' || step.do === 'list') && customer !== undefined) {
      customers.set(step.customer, customer);
    }
    const product = step.do === 'create' ? createdProduct(exchange) : exchange.intent.product;
    const name = step.do === 'create' ? step.as : 'product' in step ? step.product : undefined;
    if (product !== undefined && name !== undefined) {
      products.set(name, product);
    }
  }

  function performs(exchange: Exchange, step: SingleStep): boolean {
    const { intent } = exchange;
    switch (step.do) {
      case 'create':
        return (
          intent.operation === 'create' &&
          intent.code === step.code &&
          isSame(customers, step.customer, intent.customer) &&
          (isSame(products, step.as, createdProduct(exchange)) || (createdProduct(exchange) === undefined && !products.has(step.as)))
        );
      case 'list':
        return (
          intent.operation === 'list' &&
          (intent.filters ?? []).length === (step.filters ?? []).length &&
          isSame(customers, step.customer, intent.customer)
        );
      case 'get':
      case 'close':
        return intent.operation === step.do && isSame(products, step.product, intent.product);
      case 'probe':
        return intent.probe !== undefined && intent.probe.role !== 'before';
      case 'wait':
        return false;
    }
  }
}

/** Whether a name may stand for this id: it does so already, or neither is taken. */
function isSame(bound: ReadonlyMap<string, string>, name: string, id: string | undefined): boolean {
  const known = bound.get(name);
  return known === undefined ? id !== undefined && ![...bound.values()].includes(id) : known.toLowerCase() === id?.toLowerCase();
}

function inverted(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].map(([name, id]) => [id, name]));
}
