import type { Page } from '@playwright/test';
import { expect, inspect, type Person, test } from './journey';

// Parts, so that no file of this project holds what looks like a secret.
const VALUE = ['q7Rz2LmX9v', 'Kc4TnB8pWd'].join('');
const OTHER = ['m4Vt8QsZ1x', 'Hb6YkJ3rNf'].join('');
const KEY = 'TIDES_TOKEN';

const file = (name: string, url: string, token: string) =>
  JSON.stringify(
    {
      mcpServers: {
        [name]: { type: 'http', url, headers: { Authorization: `Bearer ${token}` } },
      },
    },
    null,
    2,
  );
const reference = (key: string) => `$\{${key}}`;

test('A secret is written, revealed, detached by another address, and moved in by an import', async ({
  page,
  person,
}) => {
  await person.send('POST', '/servers', {
    team: person.username,
    content: file('tides', 'https://tides.example.org/mcp', reference(KEY)),
  });
  await page.goto(`/servers/${person.username}/tides`);
  const secrets = page.getByRole('region', { name: 'Secrets' });
  await expect(secrets.getByText('Not written')).toBeVisible();
  await write(page, 'Write', VALUE);
  await expect(secrets.getByText('Attached')).toBeVisible();
  await inspect(page, 'secrets');

  await secrets.getByRole('button', { name: `Reveal ${KEY}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('To compare it with the provider');
  await inspect(page, 'secret-reason');
  await dialog.getByRole('button', { name: 'Reveal' }).click();
  await expect(dialog.getByRole('region', { name: 'The value' })).toHaveText(VALUE);
  await inspect(page, 'secret-shown');
  await dialog.getByRole('button', { name: 'Hide it' }).click();
  await expect(page.getByText(VALUE)).toHaveCount(0);

  await person.send('POST', `/components/${await idOf(page)}/revisions`, {
    content: file('tides', 'https://elsewhere.example.net/mcp', reference(KEY)),
  });
  await page.reload();
  await expect(secrets.getByText('Detached')).toBeVisible();
  await expect(secrets.getByText(/was changed after this was written/)).toBeVisible();
  await inspect(page, 'secrets-detached');
  await write(page, 'Replace', OTHER);
  await expect(secrets.getByText('Attached')).toBeVisible();

  await secrets.getByRole('button', { name: `Remove ${KEY}` }).click();
  await page.getByRole('button', { name: 'Remove secret' }).click();
  await expect(secrets.getByText('Not written')).toBeVisible();

  await bringIn(page, person);
});

async function write(page: Page, verb: 'Write' | 'Replace', value: string) {
  await page.getByRole('button', { name: `${verb} ${KEY}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Value').fill(value);
  await inspect(page, `secret-${verb.toLowerCase()}`);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** The id of the server whose page this is, as the page asks for its secrets. */
async function idOf(page: Page): Promise<string> {
  const [asked] = await Promise.all([
    page.waitForRequest(/\/components\/[^/]+\/secrets$/),
    page.reload(),
  ]);
  return new URL(asked.url()).pathname.split('/').at(-2) ?? '';
}

/** An import finds a secret written out, and it is moved into the store. */
async function bringIn(page: Page, person: Person) {
  await page.goto('/imports/new');
  await page.getByLabel('Files to import').setInputFiles({
    name: 'lights.json',
    mimeType: 'application/json',
    buffer: Buffer.from(file('lights', 'https://lights.example.org/mcp', VALUE)),
  });
  await page
    .getByRole('button', { name: /^(Look at what they are|Upload and preview)$/ })
    .click();
  const choices = page.getByRole('group', {
    name: /1 value in it looks like a secret/,
  });
  await expect(choices).toBeVisible();
  await page.getByRole('button', { name: 'Details of lights.json' }).click();
  await expect(page.getByText(/Bearer •+/).first()).toBeVisible();
  await expect(page.getByText(VALUE)).toHaveCount(0);
  await inspect(page, 'import-secrets');
  // It shows as chosen once the server has it.
  await choices.getByLabel('Move into the store').click();
  await expect(choices.getByLabel('Move into the store')).toBeChecked();
  await page.getByRole('button', { name: 'Apply import' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('created');

  await page.goto(`/servers/${person.username}/lights`);
  const secrets = page.getByRole('region', { name: 'Secrets' });
  await expect(secrets.getByText('AUTHORIZATION', { exact: true })).toBeVisible();
  await expect(secrets.getByText('Attached')).toBeVisible();
  await expect(page.getByText(VALUE)).toHaveCount(0);
}
