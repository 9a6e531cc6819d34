import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, inspect, test } from './journey';

const FILES = 300;
/** So many that reading them all takes a moment that a person notices. */
const SOUNDINGS = 600;

const agent = (name: string, body = `You are ${name}.\n`, more = '') => `---
name: ${name}
description: Use this agent to keep watch as ${name}.
${more}---

${body}`;

/** A folder of many agents with long front matter, no two alike. */
function writeFleet(root: string): string {
  const folder = join(root, 'fleet', '.claude', 'agents');
  mkdirSync(folder, { recursive: true });
  const depths = Array.from(
    { length: SOUNDINGS },
    (_, at) => `  - depth: ${at}\n    chart: north\n`,
  );
  const soundings = `soundings:\n${depths.join('')}`;
  for (let at = 1; at <= FILES; at++) {
    const name = `watch-${at}`;
    writeFileSync(join(folder, `${name}.md`), agent(name, undefined, soundings));
  }
  return join(root, 'fleet');
}

const title = (page: Page) => page.getByRole('heading', { level: 1 });

async function send(page: Page, folder: string) {
  await page.goto('/imports/new');
  await page.getByLabel('Folder to import').setInputFiles(folder);
  await page.getByRole('button', { name: 'Upload and preview' }).click();
  await expect(title(page)).toHaveText('Reading the files', { timeout: 60_000 });
}

test('300 files are read while nobody looks', async ({ page, context }, info) => {
  test.slow();
  await send(page, writeFleet(info.outputDir));
  const bar = page.getByRole('progressbar', { name: 'Reading the files' });
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), {
      intervals: [100],
      timeout: 60_000,
    })
    .toBeGreaterThanOrEqual(40);
  const address = page.url();
  await page.close();

  const later = await context.newPage();
  await later.goto('/imports');
  const row = later.getByRole('list', { name: 'Imports' }).getByRole('listitem');
  await expect(row.getByRole('progressbar')).toBeVisible();
  await inspect(later, 'imports-running');
  await expect(
    later.getByRole('link', { name: /^All 300 agents pass a strict loader/ }),
  ).toBeVisible({ timeout: 120_000 });
  await later.goto(address);
  await expect(title(later)).toHaveText(/^All 300 agents pass a strict loader/);
  await expect(
    later.getByRole('navigation', { name: 'Groups of files' }).getByRole('link'),
  ).toHaveText('New300');
});

test('Reading is stopped, and taken up again', async ({ page }, info) => {
  test.slow();
  await send(page, writeFleet(info.outputDir));
  await inspect(page, 'import-reading');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(title(page)).toHaveText('This import was stopped');
  await inspect(page, 'import-stopped');
  await page.goto('/imports?state=failed');
  await page.getByRole('button', { name: /^Try again/ }).click();
  await expect(page.getByText('No imports here')).toBeVisible();
  await page.getByLabel('State').selectOption('');
  await expect(
    page.getByRole('link', { name: /^All 300 agents pass a strict loader/ }),
  ).toBeVisible({ timeout: 120_000 });
});

test('An import is applied in parts, and what would leak waits', async ({
  page,
  person,
}) => {
  const files = ['keel', 'mast', 'rudder', 'sail'].map((name) => ({
    name: `${name}.md`,
    mimeType: 'text/markdown',
    buffer: Buffer.from(agent(name)),
  }));
  const leak = `Sign in with ${['ghp', 'a1B2c3D4'.repeat(5)].join('_').slice(0, 40)}.\n`;
  await page.goto('/imports/new');
  await page.getByLabel('Files to import').setInputFiles([
    ...files,
    {
      name: 'radio.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from(agent('radio', leak)),
    },
  ]);
  await page.getByRole('button', { name: 'Upload and preview' }).click();
  const leaks = page.getByRole('region', {
    name: /^Before anything is stored: 1 file/,
  });
  await expect(leaks).toBeVisible();
  await leaks.getByRole('button', { name: 'What was found in radio.md' }).click();
  await expect(leaks.getByText('secret.literal')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Apply import' })).toBeDisabled();
  await inspect(page, 'import-leaks');

  await page.getByRole('checkbox', { name: 'Select keel.md' }).check();
  await page.getByRole('checkbox', { name: 'Select sail.md' }).check();
  await inspect(page, 'import-selected');
  await page.getByRole('button', { name: 'Apply 2 of 5' }).click();
  const groups = page.getByRole('navigation', { name: 'Groups of files' });
  await groups.getByRole('link', { name: 'Applied 2' }).click();
  await expect(page.getByRole('link', { name: 'keel' })).toHaveAttribute(
    'href',
    `/agents/${person.username}/keel`,
  );
  await inspect(page, 'import-part-applied');

  await leaks.getByRole('button', { name: 'Skip radio.md' }).click();
  await expect(leaks).toBeHidden();
  await page.getByRole('button', { name: 'Apply import' }).click();
  await expect(title(page)).toHaveText('4 agents created, 1 file skipped.');
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain('| rudder | `rudder.md` | revision 1 |');
  await inspect(page, 'import-shared-report');
});

test('A folder in which nothing is ends as nothing found', async ({ page }) => {
  await page.goto('/imports/new');
  await page.getByLabel('Files to import').setInputFiles({
    name: 'shopping.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Rope, paint, biscuits\n'),
  });
  await page.getByRole('button', { name: 'Upload and preview' }).click();
  await expect(title(page)).toHaveText('Nothing found here');
  await expect(page.getByRole('list', { name: 'Where it looked' })).toBeVisible();
  await inspect(page, 'import-nothing-found');
  await page.goto('/imports/new?source=repository');
  await expect(page.getByLabel('Branch, tag or commit')).toBeVisible();
  await inspect(page, 'import-repository');
  await page.goto('/imports/new?source=lock');
  await expect(page.getByLabel('Address of that Roster')).toBeVisible();
  await inspect(page, 'import-lock');
});
