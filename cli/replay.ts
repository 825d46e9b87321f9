/** `replay`: a finding's own sequence once more, against the target of the report. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Report } from '../spec/report.ts';
import { nearest, quote } from '../target/settings-mistakes.ts';
import { explain } from '../target/system-error.ts';
import { startEmbedded } from './embedded.ts';
import { defineSettings } from './flags.ts';
import { followRun } from './progress.ts';
import { describeMistakes, settingsOf } from './settings-of.ts';
import type { Ended, World } from './world.ts';

const statuses = { shown: 1, gone: 0, unknown: 3 } as const;
const meanings = { shown: 'the finding shows again', gone: 'the finding is gone', unknown: 'could not tell' } as const;

export function define(command: Command): void {
  command
    .argument('<report>', 'report.json of the run')
    .argument('[finding]', "id of the finding, FLT-04#1; without, every finding's sequence");
  defineSettings(command, (name, { scope }) => scope === 'profile' || name === 'profile' || name === 'insecure');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const [path = '', findingId] = command.args.filter((word) => !word.startsWith('-'));
  const read = readReport(resolve(world.cwd, path), path);
  if ('ended' in read) return read.ended;
  const { report } = read;
  const known = report.requirements.flatMap(({ findings }) => findings.map(({ id }) => id));
  if (findingId !== undefined && !known.includes(findingId)) return noFinding(findingId, known, path);
  const embedded = report.selection.embedded ? await startEmbedded() : undefined;
  try {
    const outcome = await settingsOf(command, world, {
      operands: 2,
      recorded: { name: path, profile: report.profile },
      ...(embedded && { embedded }),
    });
    if ('ended' in outcome) return outcome.ended;
    const [{ replay }, { progress, signal }] = await Promise.all([import('../suites/replay.ts'), followRun(world)]);
    const { profile } = outcome.settings;
    const { outcome: shown, text } = await replay({ report, profile, progress, signal, ...(findingId !== undefined && { findingId }) });
    progress.done();
    const status = signal.aborted ? (signal.reason === 'SIGTERM' ? 143 : 130) : statuses[shown];
    const meaning = signal.aborted ? 'interrupted' : meanings[shown];
    return { status, out: `${text.trimEnd()}\n\nexit ${status}: ${meaning}\n` };
  } finally {
    await embedded?.close();
  }
}

function readReport(absolute: string, path: string): { report: Report } | { ended: Ended } {
  const bad = (came: string): { ended: Ended } => ({
    ended: { status: 2, err: describeMistakes([{ where: quote(path).slice(1, -1), expected: 'the report.json of a run', came }]) },
  });
  let text: string;
  try {
    text = readFileSync(absolute, 'utf8');
  } catch (error) {
    return bad(explain(error));
  }
  try {
    const report = JSON.parse(text) as Partial<Report> | null;
    if (report?.schemaVersion !== 1) return bad('a file without "schemaVersion": 1');
    if (!Array.isArray(report.requirements) || typeof report.profile !== 'object')
      return bad('a report that lacks requirements or profile');
    return { report: report as Report };
  } catch {
    return bad('a file that is no JSON');
  }
}

function noFinding(findingId: string, known: readonly string[], path: string): Ended {
  const guess = nearest(findingId, known);
  const advice = guess ? `did you mean ${guess}?` : known.length > 0 ? `it has ${known.slice(0, 8).map(quote).join(', ')}` : 'it has none';
  return {
    status: 2,
    err: describeMistakes([{ where: quote(path).slice(1, -1), expected: 'the id of a finding in it', came: quote(findingId), advice }]),
  };
}
