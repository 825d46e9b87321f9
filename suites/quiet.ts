/** Progress for whoever shows it otherwise, or not at all. */
import type { Progress } from '../reports/progress.ts';

export const quiet: Progress = { preflight() {}, announce() {}, update() {}, finding() {}, done() {} };
