/** Loaded before the command: says at its end, in a file, how much memory it took at most, in kB. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The system's own count of a process keeps that of its parent where it is higher; the kernel's status does not. */
const measure = () => {
  const status = '/proc/self/status';
  const found = existsSync(status) ? /VmHWM:\s*(\d+) kB/u.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return found ?? process.resourceUsage().maxRSS;
};

process.once('exit', () => writeFileSync(process.env.ZOO_RSS_FILE, String(measure())));
