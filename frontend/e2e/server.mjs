// Runs an empty instance for the journeys: the real server with the built app, on a port
// of its own choosing, with a data folder that goes when it ends.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const frontend = dirname(dirname(fileURLToPath(import.meta.url)));
const backend = join(dirname(frontend), 'backend');
const data = mkdtempSync(join(tmpdir(), 'roster-e2e-'));
// Settings of the person who runs the journeys could point to data that matters.
const inherited = Object.entries(process.env).filter(
  ([name]) => !name.startsWith('ROSTER_') || name === 'ROSTER_SETUP_CODE',
);

// Where the journeys find the mail that the instance would send.
process.stdout.write(`Data is in ${data}\n`);

const server = spawn(
  join(backend, '.venv', 'bin', 'python'),
  ['-m', 'roster', 'serve', '--port', '0'],
  {
    env: {
      ...Object.fromEntries(inherited),
      PYTHONPATH: backend,
      ROSTER_DATA_DIR: data,
      ROSTER_SPA_DIR: join(frontend, 'dist'),
      ROSTER_BCRYPT_ROUNDS: '4',
      ROSTER_TRUSTED_PROXIES: '127.0.0.1',
      // Repositories that the journeys serve.
      ROSTER_FETCH_ALLOWED: '127.0.0.1',
      ROSTER_LOG_LEVEL: 'warning',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);

const stop = () => server.kill('SIGTERM');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
// Whoever started this may be killed too hard to say so.
const parent = process.ppid;
setInterval(() => process.ppid === parent || stop(), 1000).unref();

server.on('exit', (code) => {
  rmSync(data, { recursive: true, force: true });
  process.exit(code ?? 0);
});
