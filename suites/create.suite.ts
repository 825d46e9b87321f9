import { conformance } from './vitest.ts';

conformance(undefined, { only: ['CRE'] });
