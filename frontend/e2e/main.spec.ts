import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Download, Page, TestInfo } from '@playwright/test';
import { parseDocument } from 'yaml';
import { publish, saved, show, source } from './editor';
import { harbour, original, writeFolder } from './files';
import { expect, inspect, PASSWORD, visit } from './journey';
import { unzip, zip } from './zip';

const PLACE = 'harbour/.claude/agents';
const NOTE = 'Name the pump, not only the station.';

visit('From a folder of broken files to a clean export', async ({ page }, info) => {
  // Many pages in one walk, each looked at in full.
  visit.slow();
  await visit.step('make an account', () => makeAccount(page));
  await visit.step('bring in a folder', () => bringIn(page, info));
  await visit.step('see what is wrong with each file', () => seeFindings(page));
  await visit.step('decide the clash and apply', () => decideAndApply(page));
  await visit.step('read what came in', () => read(page));
  await visit.step('edit as form and as source', () => edit(page));
  await visit.step('compare the revisions', () => compare(page));
  await visit.step('set a label', () => label(page));
  await visit.step('take the files out again', () => takeOut(page));
  await visit.step('find one by a word of its text', () => find(page));
  await visit.step('delete one and take it back', () => deleteAndUndo(page));
  await visit.step('bring in the same as a zip', () => bringInAgain(page));
});

async function makeAccount(page: Page) {
  const username = `mia-${randomBytes(3).toString('hex')}`;
  await page.goto('/register');
  await page.getByLabel('Name').fill(username);
  await page.getByLabel('E-mail').fill(`${username}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Make account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    `Welcome, ${username}`,
  );
  await page.goto('/agents');
  await expect(page.getByRole('heading', { name: 'No agents yet' })).toBeVisible();
}

async function bringIn(page: Page, info: TestInfo) {
  await page.getByRole('link', { name: 'Import files' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Import files');
  await inspect(page, 'import-new');
  await page.getByLabel('Folder to import').setInputFiles(writeFolder(info.outputDir));
  await expect(page.getByText(/^7 files, /)).toBeVisible();
  await inspect(page, 'import-chosen');
  await page
    .getByRole('button', { name: /^(Look at what they are|Upload and preview)$/ })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /^1 of 5 would be dropped by a strict loader; their descriptions cost \d+ tokens/,
  );
  await expect(page.getByText('Left aside: 1 Cursor rule')).toBeVisible();
}

const group = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Groups of files' })
    .getByRole('link', { name: new RegExp(`^${name}`) });

const details = (page: Page, name: string) =>
  page.getByRole('button', { name: `Details of ${PLACE}/${name}.md` });

const decision = (page: Page, name: string, which: string) =>
  page
    .getByRole('group', { name: `What to do with ${PLACE}/${name}.md` })
    .getByRole('radio', { name: which });

async function seeFindings(page: Page) {
  await group(page, 'Refused').click();
  await expect(page.getByText('The file is empty')).toBeVisible();
  await group(page, 'Left aside').click();
  await expect(page.getByText('harbour/.cursor/rules/knots.mdc')).toBeVisible();

  await group(page, 'Needs repair').click();
  await details(page, 'log-reader').click();
  await expect(page.getByText(/holds a colon followed by a blank/)).toBeVisible();
  await expect(page.getByText('Why did the pump stop?').last()).toBeVisible();
  await expect(decision(page, 'log-reader', 'Repaired')).toBeChecked();
  await inspect(page, 'import-needs-repair');

  await group(page, 'New').click();
  await details(page, 'notice-writer').click();
  await expect(page.getByText(/a backslash and an n/).first()).toBeVisible();
  await details(page, 'notice-writer').click();
  await details(page, 'chart-checker').click();
  await page.getByRole('button', { name: /^Take all \d/ }).click();
  await expect(page.getByText(/^(\d) of \1 taken$/)).toBeVisible();
  await expect(decision(page, 'chart-checker', 'Repaired')).toBeChecked();
  await inspect(page, 'import-proposals');
}

async function decideAndApply(page: Page) {
  const apply = page.getByRole('button', { name: 'Apply import' });
  await expect(apply).toBeDisabled();
  await expect(apply).toHaveAccessibleDescription('First decide 1 name clash.');
  await group(page, 'Name clash').click();
  const clash = page.getByRole('article', { name: 'hull-diver' });
  await expect(clash.getByText('2 different files want this name.')).toBeVisible();
  await inspect(page, 'import-clash');
  await clash
    .getByRole('button', { name: `Rename ${PLACE}/south/hull-diver.md` })
    .click();
  await clash.getByLabel('Name for').fill('leak-finder');
  await clash.getByRole('button', { name: 'Take it under this name' }).click();
  await expect(clash.getByText('both are taken')).toBeVisible();
  await inspect(page, 'import-decided');
  await apply.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('5 agents created.');
  await inspect(page, 'import-report');
  await page.getByRole('link', { name: 'See the agents' }).click();
  await expect(page.getByText('5 agents')).toBeVisible();
  await inspect(page, 'agents');
}

async function read(page: Page) {
  await page.getByRole('link', { name: 'log-reader' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('log-reader');
  await expect(page.getByRole('heading', { name: 'Examples 2' })).toBeVisible();
  await inspect(page, 'agent-read');
  const views = page.getByRole('navigation', { name: 'Views of this agent' });
  await views.getByRole('link', { name: 'Source' }).click();
  await expect(
    page.getByText('Nothing found: every tool can read this file.'),
  ).toBeVisible();
  await inspect(page, 'agent-source');
}

async function edit(page: Page) {
  await page.getByRole('link', { name: 'Edit' }).click();
  const description = page.getByLabel('Description');
  await expect(description).toHaveValue(/^Use this agent to read long logs\./);
  await description.fill(
    'Use this agent to read the logs of pumps: it finds what came first.',
  );
  await inspect(page, 'edit-form');
  await show(page, 'Source');
  const text = source(page, 'log-reader');
  await expect(text).toContainText('the logs of pumps: it finds');
  await text.click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(`${NOTE}\n`);
  await saved(page);
  await inspect(page, 'edit-source');
  await show(page, 'Preview');
  await expect(page.getByText(NOTE).last()).toBeVisible();
  await inspect(page, 'edit-preview');
  await show(page, 'Findings');
  await expect(page.getByText('The checks find nothing to mend.')).toBeVisible();
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish log-reader' });
  await expect(dialog.getByText('Nothing found')).toBeVisible();
  await inspect(page, 'publish');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await publish(page, 'log-reader', 'Say which logs');
  await expect(page.getByText('Published revision 2 of log-reader')).toBeVisible();
}

async function compare(page: Page) {
  await page.getByRole('link', { name: 'Revisions' }).click();
  await page.getByRole('checkbox', { name: 'Compare revision 1' }).check();
  await page.getByRole('checkbox', { name: 'Compare revision 2' }).check();
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison.getByRole('heading')).toHaveText('Revision 1 to 2');
  const sides = comparison.getByText('Side by side', { exact: true });
  if (await sides.isVisible()) await sides.click();
  await expect(comparison.getByText(NOTE)).toBeVisible();
  await inspect(page, 'agent-compare');
  await page.getByRole('button', { name: 'Close the comparison' }).click();
  await inspect(page, 'agent-revisions');
}

async function label(page: Page) {
  await page.getByRole('button', { name: 'More actions on log-reader' }).click();
  await page.getByRole('menuitem', { name: 'Labels' }).click();
  const dialog = page.getByRole('dialog', { name: 'Labels of log-reader' });
  await dialog.getByLabel('Label').fill('production');
  await inspect(page, 'labels');
  await dialog.getByRole('button', { name: 'Set label' }).click();
  await expect(
    page.getByText('production is on revision 2 of log-reader'),
  ).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('production');
}

async function takeOut(page: Page) {
  await page.goto('/agents');
  // Narrow screens have room for the rows' own boxes only.
  const boxes = page.getByRole('checkbox', { name: /^Select (?!all)/ });
  await expect(boxes).toHaveCount(5);
  for (const box of await boxes.all()) await box.check();
  await inspect(page, 'agents-selected');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const files = await unpacked(await download);
  expect(Object.keys(files).sort()).toEqual(
    ['chart-checker', 'hull-diver', 'leak-finder', 'log-reader', 'notice-writer'].map(
      (name) => `.claude/agents/${name}.md`,
    ),
  );
  const exported = (name: string) => files[`.claude/agents/${name}.md`] ?? Buffer.of();
  for (const name of ['notice-writer', 'hull-diver']) {
    const path = name === 'hull-diver' ? 'north/hull-diver' : name;
    expect(exported(name).equals(original(path)), `bytes of ${name}`).toBe(true);
  }
  expect(exported('chart-checker').toString()).toContain('✅ depth agrees');
  for (const [path, data] of Object.entries(files)) {
    const [, frontMatter = ''] = data.toString().split(/^---$/m);
    expect(parseDocument(frontMatter, { strict: true }).errors, path).toEqual([]);
  }
}

async function unpacked(download: Download) {
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  return unzip(readFileSync(await download.path()));
}

async function find(page: Page) {
  await page.getByLabel('Search these agents').fill('soundings');
  await expect(page.getByRole('link', { name: 'chart-checker' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'log-reader' })).toBeHidden();
  await expect(page).toHaveURL(/\?q=soundings$/);
  await page.getByLabel('Search these agents').fill('no such word');
  await expect(page.getByText('0 agents')).toBeVisible();
  await inspect(page, 'agents-nothing-found');
}

async function deleteAndUndo(page: Page) {
  await page.goto('/agents?q=leak-finder');
  await page.getByRole('link', { name: 'leak-finder' }).click();
  await page.getByRole('button', { name: 'More actions on leak-finder' }).click();
  await inspect(page, 'agent-menu');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete leak-finder?' });
  await expect(dialog).toBeVisible();
  await inspect(page, 'delete');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/agents$/);
  await expect(page.getByText('4 agents')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('5 agents')).toBeVisible();
  await expect(page.getByRole('link', { name: 'leak-finder' })).toBeVisible();
}

async function bringInAgain(page: Page) {
  await page.goto('/imports/new');
  const again = { 'again/notice-writer.md': original('notice-writer'), ...harbour };
  await page.getByLabel('Files to import').setInputFiles({
    name: 'harbour.zip',
    mimeType: 'application/zip',
    buffer: zip(again),
  });
  await page
    .getByRole('button', { name: /^(Look at what they are|Upload and preview)$/ })
    .click();
  await expect(group(page, 'Unchanged')).toBeVisible();
  await inspect(page, 'import-again');
  await page.goto('/imports');
  await expect(page.getByRole('link', { name: '5 agents created' })).toBeVisible();
  await inspect(page, 'imports');
}
