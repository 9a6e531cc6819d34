import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, type Person, test } from './journey';

test('A collection is put in order with the keyboard, released, and its lock stays', async ({
  page,
  person,
}) => {
  test.slow();
  const names = ['buoy-keeper', 'chart-reader', 'lamp-lighter'] as const;
  const agents = await Promise.all(
    names.map((name) => person.createAgent(agentText(name))),
  );

  await page.goto('/collections');
  await expect(page.getByText('No collections yet')).toBeVisible();
  await inspect(page, 'collections-empty');
  await make(page);
  await add(page, names);
  await expect.poll(() => order(page)).toEqual([...names]);
  await inspect(page, 'collection-entries');

  await carry(page, 'lamp-lighter', 'ArrowUp', 2);
  const carried = ['lamp-lighter', 'buoy-keeper', 'chart-reader'];
  await expect.poll(() => order(page)).toEqual(carried);
  await page.reload();
  await expect(handle(page, 'lamp-lighter')).toHaveAccessibleName(/place 1 of 3/);
  const [saved] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'PATCH'),
    page.getByLabel('What chart-reader follows').selectOption('number:1'),
  ]);
  expect(saved.ok()).toBe(true);

  await release(page, 'What the harbour starts with');
  await expect(page.getByRole('table', { name: 'Lock of release 1' })).toBeVisible();
  await inspect(page, 'collection-release');
  const before = await taken(page);

  await change(person, agents);
  await page.getByRole('link', { name: 'Entries' }).click();
  await takeOut(page, 'chart-reader');
  await takeOut(page, 'lamp-lighter');
  await release(page, 'Without charts');
  // With keys: on a narrow window, what was just said lies over them for a while.
  await page.getByLabel('Compare release 1').press('Space');
  await page.getByLabel('Compare release 2').press('Space');
  const changelog = page.getByRole('region', { name: 'From release 1 to 2' });
  await expect(changelog.getByText('Removed')).toBeVisible();
  await inspect(page, 'collection-changelog');
  await page.getByLabel('Close the comparison').press('Enter');
  await page.getByRole('button', { name: 'Lock of release 1' }).press('Enter');
  const lock = page.getByRole('table', { name: 'Lock of release 1' });
  await expect(lock.getByText('Yanked since')).toBeVisible();
  await expect(lock.getByText('Deleted since')).toBeVisible();
  await expect(lock.getByText(`${person.username}/lantern`)).toBeVisible();
  const after = await taken(page);
  expect(after.lock.equals(before.lock)).toBe(true);
  expect(after.archive.equals(before.archive)).toBe(true);

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Archive this collection' }).press('Enter');
  await expect(page.getByText('It is archived')).toBeVisible();
  await inspect(page, 'collection-settings');
});

async function make(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New collection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New collection' });
  await dialog.getByLabel('Title').fill('Harbour kit');
  await expect(dialog.getByLabel('Name')).toHaveValue('harbour-kit');
  await inspect(page, 'collection-new');
  await dialog.getByRole('button', { name: 'Make collection' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Harbour kit');
}

async function add(page: Page, names: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'Add entries' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add entries' });
  for (const name of names) {
    await dialog.getByLabel('Search components').fill(name);
    await dialog.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  }
  await inspect(page, 'collection-add');
  await dialog.getByRole('button', { name: 'Add 3 entries' }).click();
  await expect(dialog).toBeHidden();
}

const handle = (page: Page, name: string): Locator =>
  page.getByRole('button', { name: new RegExp(`^Move ${name},`) });

const order = (page: Page): Promise<string[]> =>
  page
    .getByRole('list', { name: 'Entries' })
    .getByRole('button', { name: /^Move / })
    .evaluateAll((handles) =>
      handles.map((one) =>
        (one.getAttribute('aria-label') ?? '').replace(/^Move (.+),.*$/, '$1'),
      ),
    );

/** Picks an entry up, goes some places, and puts it down: with keys alone. */
async function carry(page: Page, name: string, key: string, times: number) {
  await handle(page, name).focus();
  await page.keyboard.press('Space');
  const spoken = page.getByRole('status').filter({ hasText: name });
  await expect(spoken).toContainText(`Carrying ${name}, place 3 of 3`);
  for (let step = 1; step <= times; step += 1) {
    // A key that comes before all places are measured moves nothing.
    await expect(async () => {
      await page.keyboard.press(key);
      const place = `place ${3 - step} of 3`;
      await expect(spoken).toContainText(place, { timeout: 1_000 });
    }).toPass();
  }
  const [saved] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/move')),
    page.keyboard.press('Space'),
  ]);
  expect(saved.ok()).toBe(true);
}

async function release(page: Page, notes: string): Promise<void> {
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Release / });
  await dialog.getByLabel('Notes').fill(notes);
  await dialog.getByRole('button', { name: 'Make release' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(notes)).toBeVisible();
}

/** The lock of the first release, and the archive of what it locks. */
async function taken(page: Page): Promise<{ lock: Buffer; archive: Buffer }> {
  const bytes = async (button: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).press('Enter'),
    ]);
    return await readFile(await download.path());
  };
  return {
    lock: await bytes('Download the lock'),
    archive: await bytes('Download release 1'),
  };
}

/** What happens to components as the years go by. */
async function change(person: Person, agents: { id: string }[]): Promise<void> {
  const [renamed, deleted, yanked] = agents.map(({ id }) => `/components/${id}`);
  await person.send('POST', `${renamed}/rename`, { name: 'lantern' });
  await person.send('DELETE', `${deleted}`);
  await person.send('POST', `${yanked}/revisions/1/yank`, { reason: 'It loops.' });
}

async function takeOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Take ${name} out` }).press('Enter');
  await expect(page.getByText(`Took ${name} out`)).toBeVisible();
}
