import type { Locator, Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, test } from './journey';

const NAMES = ['tide-reader', 'tide-teller', 'tide-turner'];

test('Many are labelled, moved, deleted and brought back at once', async ({
  page,
  person,
}) => {
  for (const name of NAMES) await person.createAgent(agentText(name));
  const team = await person.foundTeam();

  await page.goto(`/agents?sort=name&team=${person.username}`);
  const bar = await select(page);
  await inspect(page, 'list-selected');
  await bar.getByRole('button', { name: 'Label' }).click();
  const label = page.getByRole('dialog', { name: 'Label 3 agents' });
  await label.getByLabel('Label').fill('steady');
  await label.getByRole('button', { name: 'Set label' }).click();
  await expect(page.getByText('Set steady on 3 agents')).toBeVisible();

  await bar.getByRole('button', { name: 'Move' }).click();
  const move = page.getByRole('dialog', { name: 'Move 3 agents to another team' });
  await move.getByRole('combobox', { name: 'Team' }).click();
  await page.getByRole('option', { name: 'Crew' }).click();
  await inspect(page, 'list-move');
  await move.getByRole('button', { name: 'Move' }).click();
  await expect(page.getByText(`Moved 3 agents to ${team}`)).toBeVisible();

  await page.goto(`/agents?sort=name&team=${team}&label=steady`);
  await expect(page.getByText('3 agents', { exact: true })).toBeVisible();
  const again = await select(page);
  await again.getByRole('button', { name: 'Delete' }).click();
  const remove = page.getByRole('dialog', { name: 'Delete 3 agents?' });
  await remove.getByRole('button', { name: 'Delete 3 agents' }).click();
  await expect(page.getByRole('link', { name: NAMES[0] ?? '' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: NAMES[0] ?? '' })).toBeVisible();
});

test('A view is kept under a name, and opened again', async ({ page, person }) => {
  for (const name of NAMES) await person.createAgent(agentText(name));

  await page.goto(`/agents?sort=-name&team=${person.username}`);
  await expect(page.getByRole('link', { name: 'tide-turner' })).toBeVisible();
  await page.getByRole('button', { name: 'View' }).click();
  const dialog = page.getByRole('dialog', { name: 'View' });
  await dialog.getByLabel('Name of the view').fill('Mine, from the end');
  await dialog.getByRole('button', { name: 'Save this view' }).click();
  await inspect(page, 'list-view');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.goto('/agents');
  await page.getByRole('button', { name: 'View' }).click();
  await dialog.getByRole('button', { name: 'Mine, from the end', exact: true }).click();
  await expect(page).toHaveURL(/sort=-name/);
  const names = page.getByRole('link', { name: /^tide-/ });
  await expect(names).toHaveText([...NAMES].reverse());
});

/** Choose all rows: cards have no box for all of them. */
async function select(page: Page): Promise<Locator> {
  for (const name of NAMES) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  }
  return page.getByRole('region', { name: 'Selected agents' });
}
