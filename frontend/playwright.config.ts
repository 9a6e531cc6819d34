import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { looks, SETUP_CODE } from './e2e/settings';

const script = fileURLToPath(new URL('./scripts/browser.mjs', import.meta.url));
const { BROWSER_BIN, ...browserEnv } = Object.fromEntries(
  execFileSync(process.execPath, [script], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ]),
) as Record<string, string>;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'e2e-out',
  reporter: [['list']],
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  use: {
    // Set when the server below has said where it is, before any worker starts.
    baseURL: process.env.ROSTER_URL ?? '',
    screenshot: 'only-on-failure',
    trace: 'off',
    actionTimeout: 15_000,
    permissions: ['clipboard-read', 'clipboard-write'],
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: BROWSER_BIN ?? '',
      env: { ...process.env, ...browserEnv } as Record<string, string>,
      args: [
        // Containers and root have no sandbox to offer; the pages are our own.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
  },
  projects: [
    { name: 'first-run', testMatch: 'first-run.spec.ts' },
    ...looks.map(({ name, viewport, colorScheme }, index) => ({
      name,
      dependencies: ['first-run'],
      // The main journey in every look, the others once wide and once narrow.
      testMatch: index < 2 ? '*.spec.ts' : 'main.spec.ts',
      testIgnore: 'first-run.spec.ts',
      use: { viewport, colorScheme },
    })),
  ],
  webServer: {
    command: 'exec node e2e/server.mjs',
    env: { ROSTER_SETUP_CODE: SETUP_CODE },
    // Both become settings of the workers: ROSTER_DATA and ROSTER_URL.
    wait: {
      stdout:
        /Data is in (?<roster_data>\S+)[\s\S]*Roster is at (?<roster_url>http:\/\/\S+)/,
    },
    stdout: 'ignore',
    stderr: 'pipe',
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});
