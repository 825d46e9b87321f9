import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignLine, EndLine, Exchange, JournalLine } from '../../spec/journal.ts';
import { ConformanceError } from '../../target/errors.ts';
import { openJournal, readJournal } from '../../target/journal.ts';
import { lockName } from '../../target/journal-lock.ts';
import { chooseReportDir } from '../../target/report-folder.ts';

const line = (campaign: string): CampaignLine => ({ type: 'campaign', campaign, event: 'begin', at: 1 });
const end: EndLine = { cause: 'completed', message: 'done', at: 2, products: { created: 0, closed: 0, left: [] }, type: 'end' };

const readAll = async (path: string): Promise<{ lines: JournalLine[]; torn: string[] }> => {
  const lines: JournalLine[] = [];
  const torn: string[] = [];
  for await (const each of readJournal(path, { onTorn: (message) => torn.push(message) })) lines.push(each);
  return { lines, torn };
};

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal test '));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that lives until it is killed; resolves to its number. */
const startProcess = async (): Promise<ChildProcess & { pid: number }> => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child as ChildProcess & { pid: number };
};
const kill = (child: ChildProcess): Promise<unknown> => {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return gone;
};

describe('the journal', () => {
  it('is on disk as soon as append returns, readable by its owner only', () => {
    const directory = join(folder, 'new', 'report');
    const journal = openJournal(directory);
    journal.append(line('a'));
    expect(readFileSync(journal.path, 'utf8')).toBe('{"type":"campaign","campaign":"a","event":"begin","at":1}\n');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(journal.path).mode & 0o777).toBe(0o600);
    journal.close();
    expect(existsSync(join(directory, lockName))).toBe(false);
  });

  it('has an exchange on disk at the end of the turn, before whatever is written after it, and when the process just ends', async () => {
    const request = { method: 'GET', url: 'http://h/', headers: [] };
    const exchange: Exchange = {
      type: 'exchange',
      id: '1',
      campaign: 'c',
      intent: { operation: 'other' },
      sentAt: 1,
      receivedAt: 2,
      request,
    };
    const journal = openJournal(folder);
    journal.append(exchange);
    journal.append(line('a'));
    expect((await readAll(journal.path)).lines).toEqual([exchange, line('a')]);
    journal.append({ ...exchange, id: '2' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(journal.path, 'utf8')).toContain('"id":"2"');
    journal.append({ ...exchange, id: '3' });
    for (const listener of process.listeners('exit')) if (listener.name === 'flushLate') listener(0);
    expect(readFileSync(journal.path, 'utf8')).toContain('"id":"3"');
    journal.append({ ...exchange, id: '4' });
    journal.close();
    expect((await readAll(journal.path)).lines).toHaveLength(5);
  });

  it('reads back what was written, line separators of Unicode in it, over the edges of chunks', async () => {
    const journal = openJournal(folder);
    const long = line(`\u2028\u0085é\n${'x'.repeat(3_000_000)}`);
    for (const each of [line('a'), long, line('b')]) journal.append(each);
    journal.close();
    expect(await readAll(journal.path)).toEqual({ lines: [line('a'), long, line('b')], torn: [] });
  });

  it('tells a torn last line at every octet it can be torn at, and keeps the rest', async () => {
    const journal = openJournal(folder);
    journal.append(line('a'));
    journal.close();
    const whole = readFileSync(journal.path);
    const last = Buffer.from(`${JSON.stringify(line('é'))}\n`);
    for (let octets = 1; octets < last.length - 1; octets++) {
      writeFileSync(journal.path, Buffer.concat([whole, last.subarray(0, octets)]));
      const { lines, torn } = await readAll(journal.path);
      expect(lines).toEqual([line('a')]);
      expect(torn).toHaveLength(1);
      expect(torn[0]).toContain('line 2');
    }
    writeFileSync(journal.path, Buffer.concat([whole, last.subarray(0, -1)]));
    expect(await readAll(journal.path)).toEqual({ lines: [line('a'), line('é')], torn: [] });
  });

  it('names the line that is broken in the middle', async () => {
    const path = join(folder, 'x.ndjson');
    writeFileSync(path, `${JSON.stringify(line('a'))}\n{"type":"camp\n${JSON.stringify(line('b'))}\n`);
    await expect(readAll(path)).rejects.toThrow(/^Line 2 of .*x\.ndjson should be a JSON object/);
    writeFileSync(path, '[]\n');
    await expect(readAll(path)).rejects.toThrow(/^Line 1 of /);
    await expect(readAll(join(folder, 'none'))).rejects.toMatchObject({ exitStatus: 2 });
  });

  it('goes on with a torn journal after taking the torn line away', async () => {
    const first = openJournal(folder);
    first.append(line('a'));
    first.close();
    appendFileSync(first.path, '{"type":"exch');
    const second = openJournal(folder, { resume: true });
    second.append(line('b'));
    second.close();
    expect(await readAll(first.path)).toEqual({ lines: [line('a'), line('b')], torn: [] });
  });

  it.runIf(existsSync('/proc/self/stat'))('cannot be opened by a second run of this or another process', async () => {
    const journal = openJournal(folder);
    expect(() => openJournal(folder)).toThrow(new RegExp(`in use by another run \\(process ${process.pid}\\)`));
    journal.close();
    const other = await startProcess();
    const began = readFileSync(`/proc/${other.pid}/stat`, 'latin1').split(') ')[1]?.split(' ').at(19);
    const host = (await import('node:os')).hostname();
    writeFileSync(join(folder, lockName), JSON.stringify({ pid: other.pid, host, began }));
    expect(() => openJournal(folder)).toThrow(ConformanceError);
    writeFileSync(join(folder, lockName), JSON.stringify({ pid: other.pid, host, began: `${began}1` }));
    openJournal(folder).close();
    writeFileSync(join(folder, lockName), JSON.stringify({ pid: other.pid, host, began }));
    await kill(other);
    openJournal(folder).close();
  });

  it('says in a sentence that a folder cannot be written to', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openJournal(join(folder, 'file'))).toThrow(
      /The report folder .*file cannot be written to: .* choose another with --report-dir\.$/,
    );
    expect(() => openJournal(join(folder, 'file', 'below'))).toThrow(/a part of the path is a file/);
    if (process.getuid?.() !== 0) {
      mkdirSync(join(folder, 'closed'));
      chmodSync(join(folder, 'closed'), 0o500);
      expect(() => openJournal(join(folder, 'closed'))).toThrow(/permission is denied/);
    }
  });

  it('leaves whole lines behind when the disk is full', async () => {
    // A limit on the size of files stands in for a full disk: the kernel lets a part of the write through, then refuses.
    const root = join(import.meta.dirname, '../..');
    const settings = join(folder, 'tsconfig.json');
    const paths = { rootDir: root, outDir: join(folder, 'out'), noEmit: false, typeRoots: [join(root, 'node_modules/@types')] };
    writeFileSync(
      settings,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions: paths, include: [join(root, 'target/journal.ts')] }),
    );
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', settings]);
    const script = `
      import { openJournal } from ${JSON.stringify(join(folder, 'out/target/journal.js'))};
      process.on('SIGXFSZ', () => {});
      const journal = openJournal(${JSON.stringify(folder)});
      try { for (let i = 0; i < 1000; i++) journal.append({ type: 'campaign', campaign: 'x'.repeat(100), event: 'begin', at: i }); }
      catch (error) { console.log(error.exitStatus + ' ' + error.message); }
      try { journal.append({ type: 'campaign', campaign: 'y', event: 'begin', at: 0 }); } catch (error) { console.log(error.name); }`;
    const child = spawn('bash', ['-c', 'ulimit -f 8; exec "$0" --input-type=module -e "$1"', process.execPath, script]);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(output).toMatch(/^2 The journal .* cannot be written on: .*\(EFBIG\); make room there .*\nConformanceError\n$/);
    const { lines, torn } = await readAll(join(folder, 'journal.ndjson'));
    expect(torn).toEqual([]);
    expect(lines.length).toBeGreaterThan(10);
  });
});

describe('the choice of the report folder', () => {
  it('spares the journal of a run that did not end, and uses again one that did', () => {
    const directory = join(folder, 'report');
    expect(chooseReportDir(directory)).toBe(directory);
    const first = openJournal(directory);
    first.append(line('a'));
    expect(() => chooseReportDir(directory)).toThrow(/in use by another run/);
    first.close();
    expect(chooseReportDir(directory)).toBe(`${directory}-2`);
    const second = openJournal(`${directory}-2`);
    second.close();
    expect(chooseReportDir(directory)).toBe(`${directory}-3`);
    const again = openJournal(directory, { resume: true });
    again.append(end);
    again.append(line('after the end'));
    again.close();
    expect(chooseReportDir(directory)).toBe(directory);
  });

  it('finds the end on the edge of a chunk', () => {
    for (const filling of [1 << 20, (1 << 20) - 1, (1 << 20) - 5, (1 << 20) - 14]) {
      writeFileSync(join(folder, 'journal.ndjson'), `${'x'.repeat(filling - 1)}\n${JSON.stringify({ ...end, type: undefined })}\n`);
      expect(chooseReportDir(folder)).toBe(`${folder}-2`);
      writeFileSync(join(folder, 'journal.ndjson'), `${'x'.repeat(filling - 1)}\n{"type":"end","cause":"completed"}\n`);
      expect(chooseReportDir(folder)).toBe(folder);
    }
  });
});
