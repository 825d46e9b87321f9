/** The part of the build that the compiler leaves: the document and the schemas beside the compiled code, and a command that can be run. */
import { chmod, copyFile, readdir } from 'node:fs/promises';
import { besideSources, writeOpenapi } from './openapi.mjs';

const spec = new URL('../spec/', import.meta.url);
const built = new URL('../dist/spec/', import.meta.url);

const { readings, rows } = await import(new URL('catalogue/index.js', built).href);
await writeOpenapi({ readings, rows }, [besideSources, new URL('openapi.json', built)]);

const published = (await readdir(spec)).filter((name) => name === 'openapi.yaml' || name.endsWith('.schema.json'));
for (const name of published) await copyFile(new URL(name, spec), new URL(name, built));

await copyFile(new URL('../suites/prove/shortest.json', import.meta.url), new URL('../dist/suites/prove/shortest.json', import.meta.url));

await chmod(new URL('../dist/cli/bin.js', import.meta.url), 0o755);
