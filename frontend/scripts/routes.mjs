// Writes src/routeTree.gen.ts from the files in src/routes; `--check` fails if it was stale.
import { readFileSync } from 'node:fs';
import { Generator, getConfig } from '@tanstack/router-generator';

const root = new URL('..', import.meta.url).pathname;
const file = `${root}src/routeTree.gen.ts`;
const before = readFileSync(file, 'utf8');
const config = getConfig(
  { target: 'react', quoteStyle: 'single', autoCodeSplitting: true },
  root,
);
await new Generator({ config, root }).run();
const stale = readFileSync(file, 'utf8') !== before;
if (stale) console.log('src/routeTree.gen.ts written anew');
if (stale && process.argv.includes('--check')) process.exit(1);
