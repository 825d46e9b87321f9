/** The command line: finds the command, and is the only place that prints and exits. */
import type { CommanderError } from 'commander';
import { showUnsafe } from '../reports/terminal-text.ts';
import { suiteName, suiteVersion } from '../target/version.ts';
import { type CommandFile, commands } from './commands.ts';
import { renderHelp } from './help.ts';
import { takeSignals } from './interruption.ts';
import { describeScreen, type Ended, type World } from './world.ts';

/** Runs the command that `argv` (without node and script) asks for, and ends the process with its status. */
export async function main(argv: readonly string[]): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever reads us may leave (`| head`): what is left unsaid then is no error, and the status stays.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') process.exit(5);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.once(event, (error: unknown) => void end(describeError(error, process.env)));
  }
  return end(await perform(argv, createWorld()).catch((error: unknown) => describeError(error, process.env)));
}

async function end({ status, out, err }: Ended): Promise<never> {
  if (out) process.stdout.write(out);
  if (err) process.stderr.write(err);
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
  process.exit(status);
}

async function perform(argv: readonly string[], world: World): Promise<Ended> {
  const [first, ...rest] = argv;
  // Answered without the parser, which would take longer to load than the answer to print.
  if (first === '--version' || first === '-V') return { status: 0, out: `${suiteVersion}\n` };
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) return { status: 0, out: renderHelp(suiteVersion) };
  const { Command, CommanderError } = await import('commander');
  const said = { out: '', err: '' };
  const program = new Command(suiteName);
  let ended: Ended | undefined;
  let asked = '';
  program
    .helpOption('-h, --help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        said.out += text;
      },
      writeErr: (text) => {
        said.err += text;
      },
      getOutHelpWidth: () => Math.min(world.stdout.columns ?? 80, 100),
      getErrHelpWidth: () => 80,
    });
  program.helpInformation = () => renderHelp(suiteVersion);
  for (const [command, { about }] of Object.entries(commands)) {
    program.command(command, { isDefault: command === 'run' }).description(about);
  }
  program.hook('preSubcommand', async (_, command) => {
    asked = `${command.name()} `;
    const file: CommandFile | undefined = await commands[command.name()]?.load();
    file?.define(command);
    command.action(async () => {
      ended = await file?.perform(command, world);
    });
  });
  try {
    // `help run` is `run --help`, so that one way is enough.
    await program.parseAsync(first === 'help' ? [...rest, '--help'] : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { status: 0, out: said.out } : { status: 2, err: explainUsage(error, asked) };
  }
  return ended ?? { status: 5, err: `${suiteName}: the command said nothing of how it ended.\n` };
}

/** The parser's sentence, without values, which may be secrets, and in the form of our own. */
function explainUsage(error: CommanderError, asked: string): string {
  const sentence = error.message
    .replace(/^error: /u, '')
    .replace(/'(--?[^'=]+)=[^']*'/gu, "'$1'")
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return `${sentence[0]?.toUpperCase()}${sentence.slice(1).replace(/\.$/u, '')}; see ${suiteName} ${asked}--help.\nexit 2: usage or profile\n`;
}

/** An error that names its exit status speaks for itself; any other is ours. */
export function describeError(error: unknown, env: World['env']): Ended {
  const message = showUnsafe(error instanceof Error ? error.message : String(error));
  if (error instanceof Error && 'exitStatus' in error && typeof error.exitStatus === 'number') {
    return { status: error.exitStatus, err: `${message}\nexit ${error.exitStatus}: ${causes[error.exitStatus] ?? 'an error'}\n` };
  }
  const stack = env.CPC_DEBUG === '1' && error instanceof Error ? `${showUnsafe(error.stack ?? message)}\n` : '';
  const how = stack
    ? 'please report it, with what is printed above and the command'
    : 'please report it, with the command and what it prints under CPC_DEBUG=1';
  return {
    status: 5,
    err: `${stack}Unexpected: ${message.split('\n')[0]}; ${how}.\nexit 5: an error of the suite itself, not of the target\n`,
  };
}

const causes: Readonly<Record<number, string>> = {
  2: 'usage or profile',
  4: 'target not reachable, or credentials refused',
  5: 'an error of the suite itself, not of the target',
};

function createWorld(): World {
  const { env } = process;
  return {
    env,
    cwd: process.cwd(),
    get input() {
      return process.stdin;
    },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdout: describeScreen(process.stdout, env),
    stderr: describeScreen(process.stderr, env),
    interruption: (tell) =>
      takeSignals({ on: (signal, listener) => process.on(signal, listener), exit: process.exit, now: () => performance.now() }, tell),
  };
}
