import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, PASSWORD, type Person, signIn, test, visit } from './journey';

const title = (page: Page) => page.getByRole('heading', { level: 1 });

/** Makes a team of a name that no other journey has, and gives its address. */
async function makeTeam(page: Page, owner: Person): Promise<string> {
  await page.goto('/teams');
  await page.getByRole('button', { name: 'New team' }).click();
  const dialog = page.getByRole('dialog', { name: 'New team' });
  await dialog.getByLabel('Name').fill(`Crew of ${owner.username}`);
  const slug = `crew-of-${owner.username}`;
  await expect(dialog.getByLabel('Address')).toHaveValue(slug);
  await inspect(page, 'team-new');
  await dialog.getByRole('button', { name: 'Make team' }).click();
  await expect(page).toHaveURL(`/teams/${slug}`);
  return slug;
}

/** Invites by a link, which is shown only now. */
async function inviteByLink(page: Page, slug: string, role: string): Promise<string> {
  await page.goto(`/teams/${slug}/invitations`);
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('By a link to hand over').click();
  await dialog.getByLabel('Role').selectOption(role);
  await inspect(page, 'team-invite');
  await dialog.getByRole('button', { name: 'Make link' }).click();
  const link = await dialog.getByLabel('The invitation link').inputValue();
  await inspect(page, 'team-invitation-link');
  await dialog.getByRole('button', { name: 'Done' }).click();
  return link;
}

test('An invitation is accepted, and a new role counts without a new sign-in', async ({
  page,
  person,
  join,
  browserOf,
}) => {
  const bea = await join('bea');
  const slug = await makeTeam(page, person);
  const agent = await person.createAgent(agentText('tide-crew-clerk'), slug);
  const link = await inviteByLink(page, slug, 'viewer');

  const other = await (await browserOf(bea)).newPage();
  await other.goto(link);
  await expect(other).toHaveURL(/\/join$/);
  await expect(title(other)).toHaveText(`Join Crew of ${person.username}`);
  await inspect(other, 'join');
  await other.getByRole('button', { name: 'Accept invitation' }).click();
  await expect(other).toHaveURL(`/teams/${slug}`);
  await expect(other.getByRole('button', { name: 'Leave' })).toBeVisible();
  await expect(other.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await inspect(other, 'team-as-viewer');
  await other.goto(`/agents/${slug}/${agent.name}`);
  await expect(title(other)).toContainText(agent.name);
  await expect(other.getByRole('link', { name: 'Edit', exact: true })).toHaveCount(0);

  await page.reload();
  await expect(page.getByText(`Accepted by ${bea.username}`)).toBeVisible();
  await inspect(page, 'team-invitations');
  await page.getByRole('link', { name: 'Members' }).click();
  const role = page.getByRole('combobox', { name: `Role of ${bea.username}` });
  await inspect(page, 'team-members');
  const saved = page.waitForResponse(
    (answer) => answer.request().method() === 'PUT' && answer.ok(),
  );
  await role.selectOption('editor');
  await saved;

  const crumbs = other.getByRole('navigation', { name: 'Breadcrumbs' });
  await crumbs.getByRole('link', { name: 'Agents' }).click();
  await other.getByRole('link', { name: agent.name }).click();
  await expect(other.getByRole('link', { name: 'Edit', exact: true })).toBeVisible();

  await page.getByRole('link', { name: 'Audit' }).click();
  const events = page.getByRole('list', { name: 'Events' });
  await events
    .getByRole('button', {
      name: `${person.username} changed the role of ${bea.username}`,
    })
    .click();
  await expect(events.getByText('editor', { exact: true })).toBeVisible();
  await inspect(page, 'team-audit');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as NDJSON' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.ndjson$/);
});

visit(
  'A stranger makes an account with an invitation, and is in the team',
  async ({ page, join, browserOf }) => {
    const owner = await join('olga');
    const owners = await (await browserOf(owner)).newPage();
    const slug = await makeTeam(owners, owner);
    const link = await inviteByLink(owners, slug, 'editor');

    await page.goto(link);
    await expect(title(page)).toHaveText(`Join Crew of ${owner.username}`);
    await inspect(page, 'join-as-stranger');
    await page.getByRole('link', { name: 'Make an account' }).click();
    await expect(page).toHaveURL(/\/register\?next=/);
    const name = owner.username.replace('olga', 'nils');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('E-mail').fill(`${name}@example.org`);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Make account' }).click();
    await expect(page).toHaveURL(`/teams/${slug}`);
    await expect(title(page)).toContainText(`Crew of ${owner.username}`);
    await page.goto('/teams');
    const teams = page.getByRole('list', { name: 'Your teams' });
    await expect(teams.getByRole('link', { name: /^Crew of olga/ })).toBeVisible();
    await inspect(page, 'teams');
  },
);

test('A team moves to another address, and goes when its name is typed', async ({
  page,
  person,
  guard,
}) => {
  guard.refuses('GET', /^\/api\/v1\/teams\/crew-of-/, 404);
  guard.refuses('GET', /\/resolve$/, 404);
  const slug = await makeTeam(page, person);
  const agent = await person.createAgent(agentText('quay-crew-clerk'), slug);
  await page.getByRole('link', { name: 'Settings' }).click();
  await inspect(page, 'team-settings');
  const moved = `${slug}-two`;
  await page.getByRole('textbox', { name: 'Address' }).fill(moved);
  await page.getByRole('button', { name: 'Change address' }).click();
  await expect(page).toHaveURL(`/teams/${moved}/settings`);
  await page.goto(`/teams/${slug}/settings`);
  await expect(page).toHaveURL(`/teams/${moved}/settings`);

  await page.getByRole('button', { name: 'Delete this team' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(`Type ${moved} to confirm`).fill(slug);
  await expect(dialog.getByRole('button', { name: 'Delete team' })).toBeDisabled();
  await dialog.getByLabel(`Type ${moved} to confirm`).fill(moved);
  await inspect(page, 'team-delete');
  await dialog.getByRole('button', { name: 'Delete team' }).click();
  await expect(page).toHaveURL('/teams');
  const teams = page.getByRole('list', { name: 'Your teams' });
  await expect(teams.getByRole('listitem')).toHaveCount(1);

  await page.goto(`/teams/${moved}`);
  await expect(title(page)).toHaveText('There is nothing at this address');
  await page.goto(`/agents/${moved}/${agent.name}`);
  await expect(title(page)).toHaveText(`There is no agent ${moved}/${agent.name}`);
});

visit(
  'An administrator deactivates a person, whose next request is sent to sign-in',
  async ({ page, join, browserOf, guard }) => {
    guard.refuses('GET', /^\/api\/v1\//, 401);
    guard.refuses('POST', /^\/api\/v1\/auth\/refresh$/, 401);
    const bea = await join('bea');
    const agent = await bea.createAgent(agentText('buoy-clerk'));
    const theirs = await (await browserOf(bea)).newPage();
    await theirs.goto('/agents');
    await expect(theirs.getByRole('link', { name: agent.name })).toBeVisible();

    await page.goto('/admin/users');
    await signIn(page, 'grace');
    await page.getByLabel('Search users').fill(bea.username);
    const row = page.getByRole('row', { name: bea.username });
    await expect(page.getByRole('row')).toHaveCount(2);
    await inspect(page, 'admin-users');
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    const dialog = page.getByRole('dialog', { name: `Deactivate ${bea.username}?` });
    await dialog.getByLabel(/^Type/).fill(bea.username);
    await inspect(page, 'admin-deactivate');
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await expect(page.getByRole('button', { name: 'Reactivate' })).toBeVisible();
    await inspect(page, 'admin-user');

    await theirs.getByRole('link', { name: agent.name }).click();
    await expect(theirs).toHaveURL(/\/sign-in\?next=/);
    await expect(title(theirs)).toHaveText('Sign in');

    await page.getByRole('link', { name: 'In the audit log' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Target').fill(bea.username);
    await page.getByLabel('Target').press('Enter');
    const events = page.getByRole('list', { name: 'Events' });
    await expect(
      events.getByRole('button', { name: `grace deactivated ${bea.username}` }),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Verify the log' }).click();
    await expect(page.getByText(/^The log is whole\./)).toBeVisible();
    await inspect(page, 'admin-audit');

    await page.getByRole('link', { name: 'Instance' }).click();
    await expect(page.getByRole('radio', { name: 'Open' })).toBeChecked();
    await inspect(page, 'admin-instance');
  },
);
