/** How the rows say when they apply; the two kinds are explained at `Premise`. */
import type { Premise } from '../requirement.ts';

/** Every target must meet it: no witness leaves the row inconclusive. */
export const always = (text: string): Premise => ({ kind: 'always', text });

/** The document or the profile leaves it open: never met, the row is not applicable. */
export const optional = (text: string): Premise => ({ kind: 'optional', text });

/** Said by every row of area TOK. */
export const clientCredentials = 'the profile gives client credentials';

/** Said by every row of area AUT. */
export const authentication = 'the profile says how to authenticate';

/** Said by the rows that only a customer to ourselves can show. */
export const exclusiveGround = 'the run has a customer under which only it writes';
