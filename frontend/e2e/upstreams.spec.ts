import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { GitServer } from './git';
import { expect, inspect, test as journey, type Person } from './journey';

const test = journey.extend<{ git: GitServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: it depends on no other fixture
  git: async ({}, use) => {
    const git = new GitServer();
    await use(git);
    await git.stop();
  },
});

const lines = (...changed: string[]) =>
  `${['One.', 'Two.', 'Three.', 'Four.', 'Five.', ...changed].join('\n\n')}\n`;
const fileOf = (name: string) => `agents/${name}.md`;

/** Imports all of a repository, as the pages for that do. */
async function takeIn(person: Person, url: string) {
  const made = await person.send('POST', '/imports/repository', {
    team: person.username,
    url,
  });
  const { id, repository_id } = await made.json();
  const state = async () =>
    (await person.read<{ state: string }>(`/imports/${id}`)).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('preview');
  await person.send('POST', `/imports/${id}/apply`);
  await expect.poll(state, { timeout: 60_000 }).toBe('applied');
  return `/imports/repositories/${repository_id}`;
}

async function agentOf(person: Person, name: string): Promise<{ id: string }> {
  const ref = `agent:${person.username}/${name}`;
  const { items } = await person.read<{ items: { id: string }[] }>(
    `/components?ref=${ref}`,
  );
  const [agent] = items;
  if (!agent) throw new Error(`${ref} is not there`);
  return agent;
}

const rowOf = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) });

test('An update meets a change made here, and both are kept', async ({
  page,
  person,
  git,
}) => {
  test.slow();
  const names = ['lock-keeper', 'pilot', 'tide-clerk'];
  const { url } = await git.push(
    'harbour',
    Object.fromEntries(
      names.map((name) => [fileOf(name), agentText(name, lines('Last.'))]),
    ),
  );
  const address = await takeIn(person, url);
  await page.goto('/imports');
  await page.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByRole('heading', { name: 'Repositories' })).toBeVisible();
  await inspect(page, 'repositories');
  await page.getByRole('link', { name: /harbour$/ }).click();
  await expect(page).toHaveURL(address);
  await expect(page.getByRole('heading', { name: '3 components' })).toBeVisible();

  const clerk = await agentOf(person, 'tide-clerk');
  await person.publish(clerk, agentText('tide-clerk', lines('Wait for the flood.')));
  await git.push('harbour', {
    [fileOf('tide-clerk')]: agentText('tide-clerk', lines('Ask the pilot first.')),
    [fileOf('lock-keeper')]: agentText('lock-keeper', lines('Close the gate.')),
  });
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByRole('button', { name: 'Take 2 updates' })).toBeVisible();
  await inspect(page, 'repository-updates');

  await page.goto('/agents?upstream=available');
  await expect(page.getByText('Update available').last()).toBeVisible();
  await inspect(page, 'agents-with-updates');
  await page.goto('/');
  const updates = page.getByRole('heading', { name: /^Updates from upstream/ });
  await expect(updates).toHaveText(/2$/);
  await inspect(page, 'dashboard-updates');

  await page.goto(address);
  await page.getByRole('button', { name: 'Take 2 updates' }).click();
  await expect(rowOf(page, 'lock-keeper').getByText('Up to date')).toBeVisible();
  await expect(rowOf(page, 'tide-clerk').getByText('Update available')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Log of the update' })).toBeVisible();
  await expect(page.getByText(/tide-clerk was left/)).toBeVisible();
  await inspect(page, 'repository-updated');

  await page.getByRole('link', { name: 'tide-clerk' }).click();
  await expect(
    page.getByRole('heading', { name: 'Two versions of one text' }),
  ).toBeVisible();
  await inspect(page, 'upstream-conflict');
  await page.getByRole('button', { name: 'Merge both' }).click();
  await page
    .getByRole('radiogroup', { name: 'Place 1' })
    .getByText('Both', { exact: true })
    .click();
  await inspect(page, 'upstream-merge');
  await page.getByRole('button', { name: 'Go on with this text' }).click();
  await page.getByLabel('Message').fill('Ask the pilot, then wait');
  await inspect(page, 'upstream-review');
  await page.getByRole('button', { name: 'Update to revision 3' }).click();
  await expect(page.getByText(/Updated tide-clerk: revision 3/)).toBeVisible();
  const { content } = await person.readAgent(clerk.id);
  expect(content).toContain('Wait for the flood.\nAsk the pilot first.');

  await page.getByRole('link', { name: 'Upstream', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Up to date' })).toBeVisible();
  await inspect(page, 'upstream-merged');
});

test('One agent is checked, pinned, and detached', async ({ page, person, git }) => {
  test.slow();
  const file = fileOf('night-watch');
  const { url } = await git.push('quay', {
    [file]: agentText('night-watch', lines('Last.')),
  });
  await takeIn(person, url);
  await git.push('quay', {
    [file]: agentText('night-watch', lines('Ring the bell at four.')),
  });
  const place = `/agents/${person.username}/night-watch`;
  await page.goto(`${place}?tab=upstream`);
  await expect(page.getByRole('heading', { name: 'Up to date' })).toBeVisible();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByRole('heading', { name: 'Update available' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'The update' })).toContainText(
    'Ring the bell at four.',
  );
  await inspect(page, 'upstream-update');

  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Pinned' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'The update' })).toHaveCount(0);
  await inspect(page, 'upstream-pinned');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Update available' })).toBeVisible();

  await page.getByRole('button', { name: 'Detach' }).click();
  const question = page.getByRole('dialog', {
    name: 'Detach night-watch from its upstream?',
  });
  await inspect(page, 'upstream-detach');
  await question.getByRole('button', { name: 'Detach' }).click();
  await expect(page.getByText('Detached night-watch from its upstream')).toBeVisible();
  await expect(page).toHaveURL(place);
  await expect(page.getByRole('link', { name: 'Upstream', exact: true })).toHaveCount(
    0,
  );
});

test('A private repository says that it wants a token, and takes one', async ({
  page,
  person,
  git,
}) => {
  test.slow();
  // Parts, so that no file of this project holds what looks like a secret.
  const token = ['q7Rz2LmX9v', 'Kc4TnB8pWd'].join('');
  const { url } = await git.push(
    'closed',
    { [fileOf('pilot')]: agentText('pilot', lines('Last.')) },
    token,
  );
  const made = await person.send('POST', '/imports/repository', {
    team: person.username,
    url,
  });
  const { repository_id } = await made.json();
  await page.goto(`/imports/repositories/${repository_id}`);
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('The last check failed.')).toBeVisible();
  await inspect(page, 'repository-failed');
  await page.getByRole('button', { name: 'Add a token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Token').fill(token);
  await inspect(page, 'repository-token');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Kept encrypted')).toBeVisible();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('The last check failed.')).toBeHidden();
  await expect(page.getByText('Up to date').first()).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
});
