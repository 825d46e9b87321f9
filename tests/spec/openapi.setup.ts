/** Global set-up of the tests: the dereferenced document is there, and is the one of these sources, even before any build. */
import { ensureOpenapi } from '../../scripts/openapi.mjs';
import { readings, rows } from '../../spec/catalogue/index.ts';

export const setup = (): Promise<void> => ensureOpenapi({ readings, rows });
