import type { Fault } from '../registry.ts';
import { autRefusals } from './aut-refusals.ts';
import { autTokens } from './aut-tokens.ts';
import { clsAgain } from './cls-again.ts';
import { clsEffect } from './cls-effect.ts';
import { conCloses } from './con-closes.ts';
import { conCreates } from './con-creates.ts';
import { conReads } from './con-reads.ts';
import { cre } from './cre.ts';
import { fltOne } from './flt-one.ts';
import { fltSeveral } from './flt-several.ts';
import { lst } from './lst.ts';
import { msgContent } from './msg-content.ts';
import { msgFields } from './msg-fields.ts';
import { msgMethods } from './msg-methods.ts';
import { msgRequests } from './msg-requests.ts';
import { own } from './own.ts';
import { refCloses } from './ref-closes.ts';
import { refCreates } from './ref-creates.ts';
import { refOther } from './ref-other.ts';
import { schAnswers } from './sch-answers.ts';
import { schValues } from './sch-values.ts';
import { tim } from './tim.ts';
import { tok } from './tok.ts';

/** Every named fault, area after area. */
export const faults: readonly Fault[] = [
  ...msgContent,
  ...msgFields,
  ...msgMethods,
  ...msgRequests,
  ...tok,
  ...autTokens,
  ...autRefusals,
  ...schAnswers,
  ...schValues,
  ...cre,
  ...lst,
  ...fltOne,
  ...fltSeveral,
  ...clsEffect,
  ...clsAgain,
  ...tim,
  ...own,
  ...refCreates,
  ...refCloses,
  ...refOther,
  ...conCreates,
  ...conCloses,
  ...conReads,
];
