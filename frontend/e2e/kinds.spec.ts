import { publish, saved, show, source, typeInPrompt } from './editor';
import { expect, inspect, test } from './journey';

const TOKEN = '$'.concat('{MAP_TOKEN}');

test('A server by its form and a command by hand, found and read', async ({
  page,
  person,
}) => {
  const { username } = person;
  await page.goto('/servers?command=uvx&team=nobody');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.goto('/servers/new');
  await page.getByLabel('Name').fill('harbour-map');
  await page.getByRole('button', { name: 'Start a server' }).click();

  await page.getByRole('textbox', { name: 'Command' }).fill('uvx');
  await page.getByRole('textbox', { name: 'Argument 1' }).fill('harbour-map==2.1.0');
  await page.getByRole('button', { name: 'Remove argument 2' }).click();
  await page.getByRole('button', { name: 'Add a variable' }).click();
  await page.getByLabel('Variable 1: name').fill('MAP_TOKEN');
  await page.getByLabel('Variable 1: value').fill(TOKEN);
  await saved(page);
  await inspect(page, 'server-form');
  await show(page, 'Source');
  const text = source(page, 'harbour-map');
  await expect(text).toContainText('"harbour-map==2.1.0"');
  await expect(text).toContainText(`"MAP_TOKEN": "${TOKEN}"`);
  await show(page, 'Form');
  await publish(page, 'harbour-map', 'First');

  await expect(page.getByRole('heading', { name: 'What it starts' })).toBeVisible();
  await expect(page.getByText('uvx harbour-map==2.1.0', { exact: true })).toBeVisible();
  await expect(page.getByText('must be set')).toBeVisible();
  await inspect(page, 'server');
  await page.goto(`/servers/${username}/harbour-map?tab=source`);
  await expect(page.getByText('harbour-map.json')).toBeVisible();
  await inspect(page, 'server-source');

  await page.goto('/commands/new');
  await page.getByLabel('Name').fill('sound-depth');
  await page.getByRole('button', { name: 'Start a command' }).click();
  await page.getByLabel('Description').fill('Sounds the depth at a berth.');
  await typeInPrompt(page, 'Sound at berth $1 first.');
  await saved(page);
  await publish(page, 'sound-depth', 'First');
  await expect(page.getByRole('heading', { name: 'Arguments' })).toBeVisible();
  await expect(page.getByText('$1', { exact: true })).toBeVisible();
  await inspect(page, 'command');

  await page.goto(`/servers?team=${username}&command=uvx`);
  await expect(page.getByRole('link', { name: 'harbour-map' })).toBeVisible();
  await expect(page.getByText('Starts uvx harbour-map==2.1.0')).toBeVisible();
  await inspect(page, 'servers');
  await page.goto(`/commands?team=${username}`);
  await expect(page.getByRole('link', { name: 'sound-depth' })).toBeVisible();
  await page.goto('/skills');
  await expect(page.getByRole('heading', { name: 'No skills yet' })).toBeVisible();
  await inspect(page, 'no-skills');
  await page.goto('/nowhere');
  await expect(
    page.getByRole('heading', { name: 'There is nothing at this address' }),
  ).toBeVisible();
});
