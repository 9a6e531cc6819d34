import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, test } from './journey';

const PILOT = `---
name: harbour-pilot
description: Guides vessels through the estuary at night.
tools: Read
model: opus
---

You know each buoy, and say so.
`;

test('A slip is corrected, filtered, opened, and nothing is told apart', async ({
  page,
  person,
}) => {
  await person.createAgent(agentText('tide-teller', 'Look up the soundings first.\n'));
  await person.createAgent(agentText('berth-keeper'));
  await person.createAgent(PILOT);

  await page.goto('/agents');
  const box = page.getByLabel('Search these agents');
  await box.fill('timetabel');
  await expect(page.getByText('Nothing holds “timetabel”.')).toBeVisible();
  await expect(page.getByText('Showing results for “timetable”')).toBeVisible();
  await expect(page.getByText('2 agents', { exact: true })).toBeVisible();
  await expect(marks(page)).toHaveText(['timetable', 'timetable']);
  await inspect(page, 'search-corrected');

  // Where a word stands in the text alone, what is around it is shown.
  await box.fill('soundings');
  await expect(page.getByText('1 agent', { exact: true })).toBeVisible();
  await expect(page.getByText('Nothing holds')).toBeHidden();
  await expect(marks(page)).toHaveText(['soundings']);
  await expect(page.getByText('Look up the soundings first.')).toBeVisible();

  await box.fill('harbour');
  await expect(page.getByText('3 agents', { exact: true })).toBeVisible();
  // What is called so comes before what only says it.
  await expect(page.getByRole('link', { name: NAME }).first()).toHaveText(
    'harbour-pilot',
  );
  await choose(page, /opus/);
  await expect(page).toHaveURL(/model=opus/);
  await expect(page.getByRole('link', { name: 'berth-keeper' })).toBeHidden();
  await inspect(page, 'search-filtered');

  await box.fill('estuary');
  await expect(page).toHaveURL(/q=estuary/);
  await expect(marks(page)).toHaveText(['estuary']);
  await page.getByRole('link', { name: 'harbour-pilot' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('harbour-pilot');
  await page.goBack();
  await expect(box).toHaveValue('estuary');

  await box.fill('xylophone');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await expect(
    page.getByText('No agent that you may see matches “xylophone” with these filters.'),
  ).toBeVisible();
  await inspect(page, 'search-nothing');
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(page.getByText('3 agents', { exact: true })).toBeVisible();
  await expect(box).toHaveValue('');
});

const NAME = /^(tide-teller|berth-keeper|harbour-pilot)$/;

const marks = (page: Page) =>
  page.getByRole('region', { name: 'List' }).locator('mark');

/** Choose a value of a filter: beside the list, or where there is no room in a drawer. */
async function choose(page: Page, value: RegExp): Promise<void> {
  const drawer = page.getByRole('button', { name: /^Filters/ });
  const narrow = await drawer.isVisible();
  if (narrow) await drawer.click();
  const filters = narrow
    ? page.getByRole('dialog', { name: 'Filters' })
    : page.getByRole('complementary', { name: 'Filters' });
  await filters.getByRole('checkbox', { name: value }).check();
  if (narrow) await filters.getByRole('button', { name: 'Show 1 agent' }).click();
}
