import { agentText } from './editor';
import { expect, inspect, signIn, test, visit } from './journey';

const TOKEN = /^\/api\/v1\/auth\/token$/;
const REFRESH = /^\/api\/v1\/auth\/refresh$/;

visit(
  'A wrong password is said at the field, the right one leads on',
  async ({ page, person, guard }) => {
    guard.refuses('POST', TOKEN, 401);
    const agent = await person.createAgent(agentText('tide-clerk'));
    const address = `${person.address(agent)}?tab=source`;

    await page.goto(address);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    await inspect(page, 'sign-in');

    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByLabel('Name or e-mail')).toHaveAccessibleDescription(
      'Enter your name or e-mail address',
    );
    await signIn(page, person.username, 'not the password');
    const password = page.getByLabel('Password', { exact: true });
    await expect(password).toHaveAccessibleDescription('Name or password is wrong');
    await inspect(page, 'sign-in-refused');

    await signIn(page, person.username);
    await expect(page).toHaveURL(address);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('tide-clerk');
  },
);

visit(
  'An account is made in the browser, and signs in at once',
  async ({ page, join, guard }) => {
    guard.refuses('POST', /^\/api\/v1\/auth\/register$/, 409);
    const neighbour = await join('bea');
    await page.goto('/');
    await page.getByRole('link', { name: 'Make an account' }).click();
    await expect(page).toHaveURL(/\/register/);
    await inspect(page, 'register');

    const name = page.getByLabel('Name');
    await name.fill(neighbour.username);
    await page.getByLabel('E-mail').fill(`cy-${neighbour.username}@example.org`);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Make account' }).click();
    await expect(
      page.getByLabel('Password', { exact: true }),
    ).toHaveAccessibleDescription(/Use 12 characters or more/);
    await page.getByLabel('Password', { exact: true }).fill('a boat with seven oars');
    await page.getByRole('button', { name: 'Make account' }).click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await inspect(page, 'register-refused');

    await name.fill(`cy-${neighbour.username}`);
    await page.getByRole('button', { name: 'Make account' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      `Welcome, cy-${neighbour.username}`,
    );
    await page.goto('/agents');
    await expect(page.getByRole('heading', { name: 'No agents yet' })).toBeVisible();
    await inspect(page, 'agents-empty');
  },
);

test('Signing out in one tab asks the other to sign in, and comes back', async ({
  page,
  context,
  person,
  guard,
}) => {
  const agent = await person.createAgent(agentText('quay-keeper'));
  const address = `${person.address(agent)}?tab=revisions`;
  await page.goto(address);
  await expect(page.getByRole('list', { name: 'Revisions' })).toBeVisible();

  const other = await context.newPage();
  await other.goto('/account');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Account');
  await inspect(other, 'account');
  const rail = other.getByRole('button', { name: 'Open navigation' });
  if (await rail.isVisible()) await rail.click();
  await other.getByRole('button', { name: /^Account of/ }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(other).toHaveURL(/\/sign-in$/);

  // The access token of the first tab is still good for a while; a new page is not.
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await signIn(page, person.username);
  await expect(page).toHaveURL(address);
  await expect(page.getByRole('list', { name: 'Revisions' })).toBeVisible();
  guard.verify();
});

test('A session that ended under a page is taken up again where it was', async ({
  page,
  context,
  person,
  guard,
}) => {
  guard.refuses('GET', /^\/api\/v1\/agents/, 401);
  guard.refuses('POST', REFRESH, 401);
  await person.createAgent(agentText('rope-maker'));
  await page.goto('/agents');
  await expect(page.getByRole('link', { name: 'rope-maker' })).toBeVisible();

  await context.clearCookies();
  await page.route('**/api/v1/agents*', (route) =>
    route.continue({ headers: expired(route.request().headers()) }),
  );
  await page.getByLabel('Search these agents').fill('rope');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.unroute('**/api/v1/agents*');
  await signIn(page, person.username);
  await expect(page).toHaveURL(/\/agents\?q=rope$/);
  await expect(page.getByRole('link', { name: 'rope-maker' })).toBeVisible();
});

test('An expired access token is renewed without a word', async ({
  page,
  person,
  guard,
}) => {
  guard.refuses('GET', /^\/api\/v1\/components$/, 401);
  const agent = await person.createAgent(agentText('lamp-trimmer'));
  await page.goto('/agents');
  const link = page.getByRole('link', { name: 'lamp-trimmer' });
  await expect(link).toBeVisible();

  await page.route(
    '**/api/v1/components?*',
    (route) => route.continue({ headers: expired(route.request().headers()) }),
    { times: 1 },
  );
  const renewed = page.waitForResponse(
    (answer) => REFRESH.test(new URL(answer.url()).pathname) && answer.ok(),
  );
  await link.click();
  await renewed;
  await expect(page).toHaveURL(person.address(agent));
  await expect(page.getByRole('heading', { name: 'When to call it' })).toBeVisible();
});

/** The server answers a token that it does not know as it answers one that is over. */
const expired = (headers: Record<string, string>) => ({
  ...headers,
  authorization: 'Bearer over',
});
