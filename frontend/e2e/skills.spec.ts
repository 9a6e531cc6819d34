import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, inspect, test } from './journey';
import { unzip } from './zip';

const SKILL = `---
name: tide-tables
description: Reads tide tables and says when to leave.
---

Read [the units](references/units.md) first, then run \`scripts/next.sh\`.
`;
const FILES: Record<string, Buffer> = {
  'SKILL.md': Buffer.from(SKILL),
  'references/units.md': Buffer.from('# Units\n\nMetres, never feet.\n'),
  'scripts/next.sh': Buffer.from('#!/bin/sh\ndate\n'),
  'assets/gauge.bin': Buffer.from([0, 159, 146, 150, 255]),
};

test('A skill comes in as a folder, is edited file by file, and goes out as it is', async ({
  page,
  person,
}, info) => {
  test.slow();
  const folder = join(info.outputDir, 'tide-tables');
  for (const [path, data] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }

  await page.goto('/imports/new');
  await page.getByLabel('Folder to import').setInputFiles(folder);
  await page
    .getByRole('button', { name: /^(Look at what they are|Upload and preview)$/ })
    .click();
  const title = page.getByRole('heading', { level: 1 });
  await expect(title).toHaveText(/^This skill passes a strict loader/);
  await page.getByRole('button', { name: 'Apply import' }).click();
  await expect(title).toHaveText('1 skill created.');

  const address = `/skills/${person.username}/tide-tables`;
  await page.goto(address);
  await page.getByRole('link', { name: 'Files' }).click();
  const tree = page.getByRole('navigation', { name: 'Files' });
  await tree.getByRole('link', { name: 'units.md' }).click();
  await expect(page).toHaveURL(/file=references%2Funits\.md/);
  const shown = page.getByRole('region', { name: 'File references/units.md' });
  await expect(
    shown.getByRole('heading', { name: 'Units', exact: true }),
  ).toBeVisible();
  await inspect(page, 'skill-files');
  await tree.getByRole('link', { name: 'gauge.bin' }).click();
  await expect(page.getByText('This is no text.')).toBeVisible();

  await page.goto(`${address}/edit?view=files`);
  await page.getByRole('button', { name: 'references/units.md', exact: true }).click();
  const text = page.getByRole('textbox', { name: 'Text of references/units.md' });
  await text.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('Knots for speed.');
  await expect(page.getByText('Saved in your draft')).toBeVisible();
  await inspect(page, 'skill-file-editor');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Move scripts/next.sh', exact: true }).click();
  await page.getByLabel('Path').fill('scripts/tide.sh');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(
    page.getByRole('button', { name: 'Move scripts/tide.sh', exact: true }),
  ).toBeVisible();
  await inspect(page, 'skill-draft');
  await page.getByRole('button', { name: /^Publish/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Message').fill('Say the unit of speed');
  await dialog.getByRole('button', { name: /^Publish/ }).click();
  await expect(page.getByText('Published revision 2')).toBeVisible();

  await page.goto(`${address}?tab=revisions&from=1&to=2`);
  const changes = page.getByRole('region', { name: 'Changed files' });
  await expect(changes.getByText('scripts/next.sh → scripts/tide.sh')).toBeVisible();
  await changes.getByText('references/units.md').click();
  await expect(changes.getByText('Knots for speed.')).toBeVisible();
  await inspect(page, 'skill-changes');

  await page.goto(`${address}?tab=files`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download all' }).click(),
  ]);
  const found = unzip(await readFile(await download.path()));
  const { 'scripts/next.sh': script, ...rest } = FILES;
  const expected = {
    ...rest,
    'scripts/tide.sh': script,
    'references/units.md': Buffer.concat([
      FILES['references/units.md'] ?? Buffer.alloc(0),
      Buffer.from('Knots for speed.'),
    ]),
  };
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [path, data] of Object.entries(expected)) {
    expect(data && found[path]?.equals(data), path).toBe(true);
  }
});
