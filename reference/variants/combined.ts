import { setTimeout as pause } from 'node:timers/promises';
import { combine } from '../overriding.ts';
import type { Variant } from '../registry.ts';
import { shiftClocks } from './access.ts';
import { extraProperties, requiredOnly, upperCaseIds, withOffset, writeTimes } from './answers.ts';
import { churn, declareCustomers, fillWithPast, knowCustomers } from './customers.ts';
import { blockOften, closeActiveOnly, closeLater, openLater, rejectSome } from './life.ts';
import { capOpen, oneOpenPerCode } from './limits.ts';
import { refuseWith } from './requests.ts';
import { compress, limitRate, sendInChunks } from './transport.ts';
import { readAged } from './visibility.ts';

/** Several readings together, as real systems take them. */
export const combined: readonly Variant[] = [
  {
    name: 'slow-opening-slow-lists-offset-times',
    sentence: 'Products open after 50 to 300 ms, lists are 200 ms behind as declared, times are whole seconds at +02:00.',
    readings: ['R-OPENING', 'R-VISIBILITY', 'R-TIME'],
    warns: [],
    profile: { settleMs: 400 },
    apply: combine(
      openLater,
      readAged(['list'], () => 200),
      writeTimes(withOffset(120, 0)),
    ),
  },
  {
    name: 'customers-given-one-per-code-others-at-work',
    sentence: 'Six shared customers are known, one open product per code is allowed, and somebody else makes and closes products there.',
    readings: ['R-CUSTOMER', 'R-LIMITS', 'R-OTHERS'],
    warns: [],
    profile: { customers: declareCustomers(false), openProductsPerCode: 1 },
    apply: combine(knowCustomers(404), oneOpenPerCode, churn),
  },
  {
    name: 'customers-exclusive-one-per-code-with-a-past',
    sentence: 'Six exclusive customers are known, each with 40 products that ended, and one open product per code is allowed.',
    readings: ['R-CUSTOMER', 'R-LIMITS', 'R-OPENING'],
    warns: [],
    profile: { customers: declareCustomers(true), openProductsPerCode: 1 },
    apply: combine(knowCustomers(403), fillWithPast(40, ['CLOSED', 'REJECTED']), oneOpenPerCode, openLater),
  },
  {
    name: 'one-open-product-per-code-in-any-order',
    sentence: 'A second open product of one code is 409, and answers to creates come up to 40 ms after what they did, in any order.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: combine(oneOpenPerCode, (hooks) => ({
      async create(call) {
        try {
          return await hooks.create(call);
        } finally {
          await pause(hooks.random() * 40);
        }
      },
    })),
  },
  {
    name: 'three-open-products-at-most-some-rejected',
    sentence:
      'A customer can have three open products, and one product in four is REJECTED after 30 ms, which makes room; a further create is 409.',
    readings: ['R-LIMITS', 'R-OPENING', 'R-ENDED', 'R-CLOSABLE'],
    warns: [],
    apply: combine(rejectSome, capOpen(3, 409)),
  },
  {
    name: 'rate-limit-short-tokens-base-path',
    sentence: 'Beyond 400 calls a second comes 429 with Retry-After, tokens are good for 2 s, and the operations lie below /api/v2.',
    readings: ['R-BUSY'],
    warns: [],
    profile: { limits: { requestsPerSecond: 400 } },
    settings: { basePath: '/api/v2', tokenSeconds: 2 },
    apply: limitRate(400, () => '1'),
  },
  {
    name: 'replicas-and-late-closes',
    sentence: 'Reads see copies up to 250 ms old, closes take effect 100 ms after their answer, all within the settle time declared.',
    readings: ['R-VISIBILITY', 'R-CLOSING'],
    warns: [],
    profile: { settleMs: 500 },
    apply: combine(
      readAged(['list', 'get'], (hooks) => hooks.random() * 250),
      closeLater(() => 100),
    ),
  },
  {
    name: 'blocked-several-times-a-second',
    sentence:
      'Every second product is BLOCKED and freed four times in its first second, times are whole seconds, and 200 ms to settle are declared.',
    readings: ['R-CLOSABLE', 'R-OTHERS', 'R-TIME'],
    warns: [],
    profile: { settleMs: 200 },
    apply: combine(blockOften, writeTimes(withOffset(0, 0))),
  },
  {
    name: 'blocked-several-times-a-second-slow-lists',
    sentence: 'The same, and lists are up to 150 ms behind.',
    readings: ['R-CLOSABLE', 'R-OTHERS', 'R-TIME', 'R-VISIBILITY'],
    warns: [],
    profile: { settleMs: 250 },
    apply: combine(
      blockOften,
      readAged(['list'], (hooks) => hooks.random() * 150),
      writeTimes(withOffset(0, 0)),
    ),
  },
  {
    name: 'bank-behind-a-gateway',
    sentence:
      'Answers are gzip in chunks, Date is ten seconds behind, errors are 422, ids are in capitals, products open late and only then close.',
    readings: ['R-TRANSPORT', 'R-CLOCK', 'R-REFUSAL', 'R-CASE', 'R-OPENING', 'R-CLOSABLE'],
    warns: [],
    apply: combine(
      openLater,
      closeActiveOnly,
      upperCaseIds,
      refuseWith((refusal) => (refusal.status === 400 ? 422 : undefined)),
      shiftClocks(0, -10_000),
      compress('gzip'),
      sendInChunks,
    ),
  },
  {
    name: 'rich-answers-slow-lists',
    sentence: 'Every object has properties beyond the document, times are at +05:30, and lists are 150 ms behind as declared.',
    readings: ['R-EXTRA', 'R-TIME', 'R-VISIBILITY'],
    warns: [],
    profile: { settleMs: 300 },
    apply: combine(
      extraProperties,
      readAged(['list'], () => 150),
      writeTimes(withOffset(330, 3)),
    ),
  },
  {
    name: 'poor-answers-whole-seconds',
    sentence: 'Only required properties are shown, times are whole seconds, products open late.',
    readings: ['R-TIME', 'R-OPENING'],
    warns: [],
    apply: combine(openLater, requiredOnly, writeTimes(withOffset(0, 0))),
  },
];
