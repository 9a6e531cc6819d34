import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, PASSWORD, signIn, test, visit } from './journey';
import { mailedLink } from './mail';
import { totp } from './totp';

const TOKEN = /^\/api\/v1\/auth\/token$/;
const REFRESH = /^\/api\/v1\/auth\/refresh$/;
const title = (page: Page) => page.getByRole('heading', { level: 1 });

async function signOut(page: Page) {
  const rail = page.getByRole('button', { name: 'Open navigation' });
  if (await rail.isVisible()) await rail.click();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

visit(
  'A forgotten password is replaced through the mail, and the link is good once',
  async ({ page, person, browserOf, guard }) => {
    guard.refuses('POST', TOKEN, 401);
    guard.refuses('POST', REFRESH, 401);
    guard.refuses('POST', /^\/api\/v1\/auth\/password-reset\/confirm$/, 404);
    const address = `${person.username}@example.org`;
    const asked = Date.now();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await expect(title(page)).toHaveText('Forgot your password?');
    await inspect(page, 'forgot');
    await page.getByLabel('E-mail').fill(address);
    await page.getByRole('button', { name: 'Send the mail' }).click();
    await expect(title(page)).toHaveText('Look at your mail');
    await inspect(page, 'forgot-sent');

    const link = await mailedLink(address, 'reset', asked);
    await page.goto(link);
    await expect(page).toHaveURL(/\/reset$/);
    await expect(title(page)).toHaveText('Choose a new password');
    await page.getByLabel('New password', { exact: true }).fill('a gull on the mast');
    await inspect(page, 'reset');
    await page.getByRole('button', { name: 'Set password' }).click();
    await expect(title(page)).toHaveText('Your password is changed');
    await inspect(page, 'reset-done');

    const elsewhere = await (await browserOf(person)).newPage();
    await elsewhere.goto('/agents');
    await expect(elsewhere).toHaveURL(/\/sign-in/);

    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, person.username, PASSWORD);
    await expect(page.getByText('Name or password is wrong')).toBeVisible();
    await signIn(page, person.username, 'a gull on the mast');
    await expect(title(page)).toHaveText(`Welcome, ${person.username}`);

    await page.goto(link);
    await page.getByLabel('New password', { exact: true }).fill('two gulls on a mast');
    await page.getByRole('button', { name: 'Set password' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await inspect(page, 'reset-refused');
  },
);

test('An address is confirmed by mail, and so is the one after it', async ({
  page,
  person,
}) => {
  const address = `${person.username}@example.org`;
  const next = `next-${address}`;
  await page.goto('/account');
  await expect(page.getByText(/^Not verified/)).toBeVisible();
  const asked = Date.now();
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText('The mail is on its way.')).toBeVisible();

  await page.goto(await mailedLink(address, 'verify', asked));
  await expect(page).toHaveURL(/\/verify$/);
  await inspect(page, 'verify');
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await expect(title(page)).toHaveText('Your address is confirmed');
  await inspect(page, 'verify-done');

  await page.goto('/account');
  await expect(page.getByText('Verified', { exact: true })).toBeVisible();
  await page.getByLabel('Address', { exact: true }).fill(next);
  await page.getByLabel('Current password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Save address' }).click();
  await expect(page.getByText(/^Waits for its link/)).toBeVisible();
  await inspect(page, 'account-address-waits');
  await page.goto(await mailedLink(next, 'verify', asked));
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await expect(title(page)).toHaveText('Your address is confirmed');
  await page.goto('/account');
  await expect(page.getByLabel('Address', { exact: true })).toHaveValue(next);
  await expect(page.getByText('Verified', { exact: true })).toBeVisible();
});

visit(
  'A session that is revoked in one browser ends in the other, which comes back',
  async ({ page, person, browserOf, guard }) => {
    guard.refuses('GET', /^\/api\/v1\/agents/, 401);
    guard.refuses('POST', REFRESH, 401);
    await person.createAgent(agentText('rope-maker'));
    const other = await (await browserOf(person)).newPage();
    await other.goto('/agents');
    await expect(other.getByRole('link', { name: 'rope-maker' })).toBeVisible();

    await page.goto('/account/security');
    await signIn(page, person.username);
    const sessions = page.getByRole('list', { name: 'Sessions' });
    await expect(sessions.getByRole('listitem')).toHaveCount(2);
    await expect(sessions.getByText('This one')).toBeVisible();
    await inspect(page, 'sessions');
    await sessions.getByRole('button', { name: /^Revoke / }).click();
    await expect(page.getByRole('dialog')).toContainText('It is signed out');
    await inspect(page, 'session-revoke');
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(sessions.getByRole('listitem')).toHaveCount(1);

    await other.getByLabel('Search these agents').fill('rope');
    await expect(other).toHaveURL(/\/sign-in\?next=/);
    await signIn(other, person.username);
    await expect(other).toHaveURL(/\/agents\?q=rope$/);
    await expect(other.getByRole('link', { name: 'rope-maker' })).toBeVisible();
  },
);

test('With a second factor a code is asked for, or a recovery code', async ({
  page,
  person,
  guard,
}) => {
  guard.refuses('POST', TOKEN, 401);
  await page.goto('/account/security');
  await page.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await inspect(page, 'factor-password');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  const key = dialog.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/);
  const picture = dialog.getByRole('img', { name: 'QR code of the key below' });
  await expect(picture).toHaveJSProperty('complete', true);
  await expect(picture).not.toHaveJSProperty('naturalWidth', 0);
  const secret = (await key.innerText()).replace(/\s/g, '');
  await inspect(page, 'factor-key');
  await dialog.getByLabel('Code').fill(totp(secret));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const list = dialog.getByRole('list', { name: 'Recovery codes' });
  await expect(list.getByRole('listitem')).toHaveCount(10);
  const [recovery = ''] = await list.getByRole('listitem').allInnerTexts();
  await inspect(page, 'factor-codes');
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('10 recovery codes are left.')).toBeVisible();
  await inspect(page, 'security');

  await signOut(page);
  await signIn(page, person.username);
  const code = page.getByLabel('Code');
  await expect(code).toBeFocused();
  await code.fill(totp(secret).replace(/./g, (digit) => `${(Number(digit) + 1) % 10}`));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await inspect(page, 'sign-in-code');
  // The code of this half minute was used to turn it on, and none is good twice.
  await code.fill(totp(secret, 1));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(title(page)).toHaveText(`Welcome, ${person.username}`);

  await signOut(page);
  await signIn(page, person.username);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(recovery);
  await inspect(page, 'sign-in-recovery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(title(page)).toHaveText(`Welcome, ${person.username}`);
  await page.goto('/account/security');
  await expect(page.getByText('9 recovery codes are left.')).toBeVisible();
});

test('A token serves a program until it is revoked', async ({
  page,
  person,
  playwright,
  baseURL,
}) => {
  await person.createAgent(agentText('tide-clerk'));
  await page.goto('/account/tokens');
  await expect(page.getByRole('heading', { name: 'No tokens yet' })).toBeVisible();
  await inspect(page, 'tokens-empty');
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Only these teams').check();
  await dialog.getByRole('button', { name: 'Make token' }).click();
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription(
    /Say what the token is for/,
  );
  await inspect(page, 'token-form');
  await dialog.getByLabel('Name').fill('Night build');
  await dialog.getByLabel(person.username).check();
  await dialog.getByRole('button', { name: 'Make token' }).click();
  const token = await dialog.getByText(/^rst_/).innerText();
  await inspect(page, 'token-made');
  await dialog.getByRole('button', { name: 'I have kept it' }).click();

  const program = await playwright.request.newContext({
    ...(baseURL === undefined ? {} : { baseURL }),
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  const read = await program.get('/api/v1/agents');
  expect(read.status()).toBe(200);
  expect((await read.json()).items).toMatchObject([{ name: 'tide-clerk' }]);
  const written = await program.post('/api/v1/agents', {
    data: { team: person.username, content: agentText('rope-maker') },
  });
  expect(written.status()).toBe(403);

  await page.reload();
  const tokens = page.getByRole('list', { name: 'API tokens' });
  await expect(tokens).toContainText(`…${token.slice(-4)}`);
  await expect(tokens).toContainText('Last used');
  await inspect(page, 'tokens');
  await page.getByRole('button', { name: 'Revoke Night build' }).click();
  await expect(page.getByRole('dialog', { name: 'Revoke Night build?' })).toBeVisible();
  await page.getByRole('button', { name: 'Revoke token' }).click();
  await expect(tokens).toContainText('Revoked');
  await inspect(page, 'tokens-revoked');
  const refused = await program.get('/api/v1/agents');
  expect(refused.status()).toBe(401);
  await program.dispose();
});
