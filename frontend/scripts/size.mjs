// How much compressed JavaScript each first page loads; fails above the budget.
// Run after `npm run build`. Entry and route chunks with all that they import statically.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const budget = 170_000;
const dist = new URL('../dist/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
const pages = {
  'sign in': ['src/routes/sign-in.tsx'],
  setup: ['src/routes/setup.tsx'],
  agents: ['src/routes/_app.tsx', 'src/routes/_app/$plural/index.tsx'],
  collections: ['src/routes/_app.tsx', 'src/routes/_app/collections/index.tsx'],
  dashboard: ['src/routes/_app.tsx', 'src/routes/_app/index.tsx'],
  imports: ['src/routes/_app.tsx', 'src/routes/_app/imports/index.tsx'],
  account: [
    'src/routes/_app.tsx',
    'src/routes/_app/account/route.tsx',
    'src/routes/_app/account/security.tsx',
  ],
  join: ['src/routes/join.tsx'],
  teams: ['src/routes/_app.tsx', 'src/routes/_app/teams/index.tsx'],
  users: [
    'src/routes/_app.tsx',
    'src/routes/_app/admin.tsx',
    'src/routes/_app/admin/users/index.tsx',
  ],
};

const size = (file) =>
  existsSync(`${dist}${file}.br`)
    ? statSync(`${dist}${file}.br`).size
    : brotliCompressSync(readFileSync(`${dist}${file}`)).length;

function collect(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const other of manifest[key]?.imports ?? []) collect(other, seen);
  return seen;
}

const keys = Object.keys(manifest);
let failed = false;
for (const [page, routes] of Object.entries(pages)) {
  const chunks = new Set(collect('index.html'));
  for (const route of routes) {
    // The router splits a route into `<file>?tsr-split=component` and the like.
    const parts = keys.filter((key) => key.startsWith(`${route}?tsr-split=component`));
    if (parts.length === 0) throw new Error(`No chunk of ${route} in the manifest`);
    for (const key of parts) collect(key, chunks);
  }
  const files = new Set([...chunks].map((key) => manifest[key].file));
  const bytes = [...files]
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + size(file), 0);
  const over = bytes > budget;
  failed ||= over;
  console.log(
    `${page.padEnd(8)} ${(bytes / 1000).toFixed(1)} kB${over ? '  over' : ''}`,
  );
}
console.log(`budget   ${(budget / 1000).toFixed(1)} kB, brotli`);
process.exit(failed ? 1 : 0);
