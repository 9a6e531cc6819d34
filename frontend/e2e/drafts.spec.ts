import {
  agentText,
  openEditor,
  publish,
  saved,
  show,
  source,
  typeInPrompt,
} from './editor';
import { expect, inspect, test } from './journey';

const PUBLISH = /^\/api\/v1\/components\/[^/]+\/draft\/publish$/;

test('A new agent begins as a draft, and outlives the browser', async ({
  page,
  person,
  browserOf,
}) => {
  const place = `/agents/${person.username}/night-watch`;
  await page.goto('/agents/new');
  await expect(page.getByRole('heading', { name: 'New agent' })).toBeVisible();
  await inspect(page, 'new-agent');
  await page.getByLabel('Name').fill('night-watch');
  await page.getByRole('button', { name: 'Start an agent' }).click();
  await expect(page.getByLabel('Description')).toBeVisible();
  await expect(page).toHaveURL(`${place}/edit`);
  await page.getByLabel('Description').fill('Use this agent to watch the harbour.');
  await typeInPrompt(page, 'Ring the bell at four.');
  await saved(page);
  // Gone without a word, in the middle of a sentence.
  await typeInPrompt(page, ' And');
  await page.context().close();

  const context = await browserOf(person);
  const again = await context.newPage();
  await again.goto('/drafts');
  await expect(again.getByText('Not published yet')).toBeVisible();
  await inspect(again, 'drafts');
  await again.getByRole('link', { name: `${person.username}/night-watch` }).click();
  await expect(again.getByLabel('Description')).toHaveValue(
    'Use this agent to watch the harbour.',
  );
  await show(again, 'Source');
  await expect(source(again, 'night-watch')).toContainText('Ring the bell at four.');
  await publish(again, 'night-watch', 'First');
  await expect(again.getByText('Published revision 1 of night-watch')).toBeVisible();
  await again.goto('/drafts');
  await expect(again.getByRole('heading', { name: 'No drafts' })).toBeVisible();
});

test('Two people edit at once, merge, and lose nothing', async ({
  page,
  person,
  join,
  browserOf,
  guard,
}) => {
  guard.refuses('POST', PUBLISH, 409);
  const mate = await join('bob');
  const team = await person.foundTeam(mate);
  const lines = ['One.', 'Two.', 'Three.', 'Four.', 'Five.', 'Last.'];
  const agent = await person.createAgent(
    agentText('lock-keeper', `${lines.join('\n\n')}\n`),
    team,
  );
  const place = `/agents/${team}/${agent.name}`;
  const theirs = await (await browserOf(mate)).newPage();
  await openEditor(page, place);
  await openEditor(theirs, place);

  await page.getByLabel('Description').fill('Use this agent to open the locks.');
  await typeInPrompt(page, 'Close the gate behind the ship.');
  await saved(page);
  await typeInPrompt(theirs, 'Let the small boats in first.');
  await publish(theirs, agent.name, 'Small boats first');
  await expect(theirs.getByText(`Published revision 2 of ${agent.name}`)).toBeVisible();

  await publish(page, agent.name, 'Close the gate');
  await expect(
    page.getByRole('heading', { name: 'Two versions of one text' }),
  ).toBeVisible();
  await inspect(page, 'draft-behind');
  await page.getByRole('button', { name: 'Merge both' }).click();
  await page
    .getByRole('radiogroup', { name: 'Place 1' })
    .getByText('Both', { exact: true })
    .click();
  await inspect(page, 'draft-merge');
  await page.getByRole('button', { name: 'Go on with this text' }).click();
  await saved(page);
  await publish(page, agent.name, 'Close the gate');
  await expect(page.getByText(`Published revision 3 of ${agent.name}`)).toBeVisible();
  const { content } = await person.readAgent(agent.id);
  expect(content).toContain('open the locks');
  expect(content).toContain('Close the gate behind the ship.');
  expect(content).toContain('Let the small boats in first.');
});

test('An owner yanks, renames and deletes; what led to it leads on', async ({
  page,
  person,
}) => {
  const agent = await person.createAgent(agentText('tide-clerk'));
  await page.goto(`${person.address(agent)}?tab=revisions`);
  await page.getByRole('button', { name: 'Actions on revision 1' }).click();
  await page.getByRole('menuitem', { name: 'Yank' }).click();
  const dialog = page.getByRole('dialog', { name: 'Yank revision 1 of tide-clerk?' });
  await dialog.getByLabel('Reason').fill('It reads the wrong table.');
  await dialog.getByRole('button', { name: 'Yank revision 1' }).click();
  await expect(page.getByText('All revisions are yanked.')).toBeVisible();
  await expect(page.getByText('It reads the wrong table.').first()).toBeVisible();
  await inspect(page, 'yanked');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('All revisions are yanked.')).toBeHidden();

  await page.getByRole('link', { name: 'Settings' }).click();
  await inspect(page, 'component-settings');
  await page.getByLabel('What to do instead').fill('Look at the almanac.');
  await page.getByRole('button', { name: 'Deprecate' }).click();
  await expect(page.getByText('Deprecated.', { exact: true })).toBeVisible();
  await page.getByLabel('New name', { exact: true }).fill('tide-reader');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('tide-reader');

  await page.goto(person.address(agent));
  await expect(page).toHaveURL(new RegExp(`/${person.username}/tide-reader$`));
  await page.goto(`/resolve?ref=roster:agent:${person.username}/tide-clerk@1`);
  await expect(page.getByText('This is revision 1; the newest is 2.')).toBeVisible();

  await page.goto(`/agents/${person.username}/tide-reader?tab=settings`);
  await page.getByRole('button', { name: 'Delete tide-reader' }).click();
  const question = page.getByRole('dialog', { name: 'Delete tide-reader?' });
  await question.getByLabel('Reason').fill('The almanac is better.');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Deleted tide-reader')).toBeVisible();
  await page.goto('/trash');
  await expect(page.getByText('The almanac is better.')).toBeVisible();
  await inspect(page, 'trash');
  await page.getByRole('button', { name: 'Restore tide-reader' }).click();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
});
