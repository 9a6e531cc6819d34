import {
  agentText,
  clipboard,
  openEditor,
  publish,
  saved,
  show,
  source,
  status,
  typeInPrompt,
} from './editor';
import { expect, inspect, test } from './journey';

const DRAFT = /^\/api\/v1\/components\/[^/]+\/draft$/;
const PUBLISH = /^\/api\/v1\/components\/[^/]+\/draft\/publish$/;

test('Two tabs type into one draft: the second is asked, and nothing is lost', async ({
  page,
  context,
  person,
  guard,
}) => {
  guard.refuses('PUT', DRAFT, 412);
  const agent = await person.createAgent(agentText('ferry-master'));
  const other = await context.newPage();
  await openEditor(page, person.address(agent));
  await openEditor(other, person.address(agent));

  await typeInPrompt(page, 'Mind the swell.');
  await saved(page);
  await typeInPrompt(other, 'Count the lifebelts.');

  const conflict = other.getByRole('heading', { name: 'Two versions of one text' });
  await expect(conflict).toBeVisible();
  await expect(other.getByText('Your draft was changed in another tab')).toBeVisible();
  await inspect(other, 'conflict');
  await other.getByRole('button', { name: 'Copy your text' }).click();
  expect(await clipboard(other)).toContain('Count the lifebelts.');
  await other.getByRole('button', { name: 'Copy the draft in the other tab' }).click();
  expect(await clipboard(other)).toContain('Mind the swell.');

  await other.getByRole('button', { name: 'Merge both' }).click();
  const place = other.getByRole('radiogroup', { name: 'Place 1' });
  await place.getByText('Both', { exact: true }).click();
  const merged = other.getByRole('textbox', { name: 'Merged text' });
  await expect(merged).toContainText('Mind the swell.');
  await expect(merged).toContainText('Count the lifebelts.');
  await inspect(other, 'merge');
  await other.getByRole('button', { name: 'Go on with this text' }).click();
  await saved(other);

  await page.reload();
  await show(page, 'Source');
  await expect(source(page, agent.name)).toContainText('Count the lifebelts.');
  await expect(source(page, agent.name)).toContainText('Mind the swell.');
});

test('What another tab published stands against a text, until both are merged', async ({
  page,
  context,
  person,
  guard,
}) => {
  guard.refuses('POST', PUBLISH, 409);
  const agent = await person.createAgent(agentText('buoy-painter'));
  const other = await context.newPage();
  await openEditor(other, person.address(agent));
  await openEditor(page, person.address(agent));

  await page.getByLabel('Description').fill('Use this agent to paint what floats.');
  await publish(page, agent.name, 'Say what is painted');
  await expect(page.getByText(`Published revision 2 of ${agent.name}`)).toBeVisible();

  // The tab behind has not looked at the server since.
  await typeInPrompt(other, 'Red to port.');
  await publish(other, agent.name, 'Say which colour');
  await expect(
    other.getByRole('heading', { name: 'Two versions of one text' }),
  ).toBeVisible();
  await other.getByRole('button', { name: 'Copy revision 2' }).click();
  expect(await clipboard(other)).toContain('paint what floats');
  await other.getByRole('button', { name: 'Copy your text' }).click();
  expect(await clipboard(other)).toContain('Red to port.');
  await other.getByRole('button', { name: 'Keep your text' }).click();
  await expect(other.getByText('What you did not choose is here')).toBeVisible();
  await inspect(other, 'set-aside');
  await other.getByRole('button', { name: 'Copy revision 2' }).click();
  expect(await clipboard(other)).toContain('paint what floats');

  await publish(other, agent.name, 'Say which colour');
  await expect(other.getByText(`Published revision 3 of ${agent.name}`)).toBeVisible();
  const { content } = await person.readAgent(agent.id);
  expect(content).toContain('Red to port.');
});

test('A reload in the middle of an edit brings the text back', async ({
  page,
  person,
  guard,
}) => {
  const agent = await person.createAgent(agentText('net-mender'));
  await openEditor(page, person.address(agent));
  await page.getByLabel('Description').fill('Use this agent when a net has a hole.');
  await saved(page);
  await page.reload();
  await expect(page.getByLabel('Description')).toHaveValue(
    'Use this agent when a net has a hole.',
  );

  // Nothing of this reaches the server before the page is gone.
  await guard.cut(page.context());
  await typeInPrompt(page, 'Use tarred twine.');
  await expect(status(page)).toHaveText('Not saved: offline, kept in this tab');
  page.once('dialog', (dialog) => void dialog.accept());
  await guard.reconnect(page.context());
  await page.reload();
  await show(page, 'Source');
  await expect(source(page, agent.name)).toContainText('Use tarred twine.');
  await saved(page);
  await page.goto(person.address(agent));
  await expect(page.getByText('You have a draft of this agent')).toBeVisible();
  await inspect(page, 'agent-with-draft');
});

test('Without a connection the text stays, and is saved when it is back', async ({
  page,
  context,
  person,
  guard,
}) => {
  const agent = await person.createAgent(agentText('anchor-watch'));
  await openEditor(page, person.address(agent));
  await guard.cut(context);
  await typeInPrompt(page, 'Look out every hour.');
  const banner = page.getByText('The server cannot be reached. Your text stays here');
  await expect(banner).toBeVisible();
  await expect(status(page)).toHaveText('Not saved: offline, kept in this tab');
  await inspect(page, 'offline');
  await typeInPrompt(page, ' And at dusk.');

  await guard.reconnect(context);
  await expect(banner).toBeHidden();
  await saved(page);
  await page.reload();
  await show(page, 'Source');
  await expect(source(page, agent.name)).toContainText('every hour. And at dusk.');
});
