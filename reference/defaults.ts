import { createAccounts } from './account.ts';
import { answerEmpty } from './answer.ts';
import { authorize, checkToken, readToken } from './bearer.ts';
import type { Clock } from './clock.ts';
import { writeTime } from './clock.ts';
import { matches, readFilters } from './filters.ts';
import type { Hooks } from './hooks.ts';
import {
  answerCreate,
  answerGet,
  answerList,
  answerOther,
  answerRefusal,
  close,
  create,
  find,
  finish,
  get,
  handle,
  list,
  newProduct,
  productsOf,
  selectList,
} from './operations.ts';
import { presentProduct } from './presentation.ts';
import { closed, typeOf } from './product.ts';
import { readCode, readContent, readCustomer, readProductId, readRequestor, readStatus } from './reading.ts';
import { send } from './sending.ts';
import { answerToken, identifyClient, issueToken, newToken, readTokenRequest, tokenContent } from './token.ts';

/** The hooks of the correct implementation, new for each server. */
export function createHooks(clock: Clock, random: () => number): Hooks {
  const openAccount = createAccounts(1 + Math.floor(random() * 1_000_000_000));
  return {
    now: clock.wall,
    dateNow: clock.wall,
    random,
    newId: () => crypto.randomUUID(),
    newAccount: openAccount,
    newToken,
    writeTime,

    readTokenRequest,
    identifyClient,
    issueToken,
    tokenContent,
    answerToken,

    readToken,
    checkToken,
    authorize,

    readCustomer,
    readProductId,
    readRequestor,
    readContent,
    readCode,
    readStatus,
    readFilters: (call) => readFilters(call.query),

    typeOf,
    newProduct,
    insert: (product, call) => call.system.store.insert(product),
    applyClose: (product, call) => closed(product, call.hooks.now()),
    save: (product, call) => call.system.store.save(product),

    find,
    findToClose: find,
    productsOf,
    matches,
    selectList,

    present: (product, call) => presentProduct(product, (time) => call.hooks.writeTime(time, call)),
    serialize: (value) => JSON.stringify(value),
    answerList,
    answerCreate,
    answerGet,
    answerClose: () => answerEmpty(200),
    answerOther,
    answerRefusal,

    list,
    create,
    get,
    close,
    handle,
    finish,
    send,
  };
}
