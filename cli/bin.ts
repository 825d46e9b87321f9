#!/usr/bin/env node
// No static imports here: an old Node would fail on the rest before a word is said, so it is looked at first.
const needed: readonly [number, number] = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `customer-products-conformance needs Node.js ${needed.join('.')} or newer, and this is ${process.versions.node}; install a newer one and start again.\n`,
  );
  process.exitCode = 2;
} else {
  import('./main.ts').then(
    ({ main }) => main(process.argv.slice(2)),
    (error: unknown) => {
      process.stderr.write(
        `The installation is not whole: ${error instanceof Error ? error.message : String(error)}; install the package again.\n`,
      );
      process.exitCode = 5;
    },
  );
}

export {};
