import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, type Person, test as signedIn } from './journey';
import { Shell } from './shell';

const test = signedIn.extend<{ shell: Shell }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  shell: async ({}, use) => {
    const shell = await Shell.open();
    await use(shell);
    await shell.close();
  },
});

const NAMES = ['buoy-keeper', 'chart-reader'] as const;

/** A collection with one release of two agents; gives the id of the first. */
async function release(person: Person): Promise<string> {
  const agents = await Promise.all(
    NAMES.map((name) => person.createAgent(agentText(name))),
  );
  const collection = { team: person.username, name: 'kit', title: 'Harbour kit' };
  const made = await person.send('POST', '/collections', collection);
  const { id } = await made.json();
  const entries = agents.map((agent) => ({ component_id: agent.id }));
  await person.send('POST', `/collections/${id}/entries`, { entries });
  await person.send('POST', `/collections/${id}/releases`, { notes: 'The first' });
  return agents[0]?.id ?? '';
}

/** Presses a button to copy, and gives what is on the clipboard then. */
async function copied(page: Page, title: string): Promise<string> {
  await page.getByRole('button', { name: `Copy: ${title}` }).press('Enter');
  await expect(page.getByRole('button', { name: `Copied: ${title}` })).toBeFocused();
  return await page.evaluate(() => navigator.clipboard.readText());
}

/** Makes a token with the button of the panel, for exactly what the panel says. */
async function makeToken(page: Page, team: string): Promise<string> {
  await page.getByRole('button', { name: 'Make a token for this' }).click();
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await expect(dialog.getByLabel('Name')).toHaveValue(`Install ${team}/kit`);
  await expect(dialog.getByLabel('Read')).toBeChecked();
  await expect(dialog.getByLabel('Write')).not.toBeChecked();
  await expect(dialog.getByLabel('Only these teams')).toBeChecked();
  await inspect(page, 'install-token');
  await dialog.getByRole('button', { name: 'Make token' }).click();
  const token = await page.getByRole('region', { name: 'The token' }).innerText();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  return token.trim();
}

test('What the panel says is pasted into a shell, and what was pulled is counted', async ({
  page,
  person,
  shell,
  baseURL,
}) => {
  test.slow();
  const first = await release(person);
  const address = `/collections/${person.username}/kit`;

  await page.goto(address);
  await page.getByRole('link', { name: 'Install' }).click();
  await expect(page).toHaveURL(`${address}/install`);
  const tools = page.getByRole('navigation', { name: 'Tools' });
  await expect(tools.getByText(/Nothing lost|loss/)).toHaveCount(9);
  await tools.getByRole('link', { name: /^Codex/ }).click();
  await expect(page).toHaveURL(/target=codex/);
  await inspect(page, 'install');

  const token = await makeToken(page, person.username);
  const reader = { ROSTER_URL: baseURL ?? '', ROSTER_TOKEN: token };
  const pulled = await shell.run(await copied(page, 'Pull'), reader);
  expect(pulled.code, pulled.text).toBe(0);
  const files = await shell.files();
  for (const name of NAMES) expect(files).toContain(`.codex/agents/${name}.toml`);

  const status = await copied(page, 'Later: see what changed');
  const before = await shell.run(status, reader);
  expect(before.code, before.text).toBe(0);
  expect(before.text).not.toMatch(/yanked/);
  await person.send('POST', `/components/${first}/revisions/1/yank`, {
    reason: 'It sinks.',
  });
  const after = await shell.run(status, reader);
  expect(after.text).toMatch(
    new RegExp(`yanked +agent:${person.username}/${NAMES[0]}@1`),
  );
  await page.reload();
  await expect(page.getByText('was yanked since release 1 was made')).toBeVisible();

  await page.getByRole('link', { name: 'Git', exact: true }).click();
  await inspect(page, 'install-git');
  for (const step of ['Let git use it here', 'Clone']) {
    const { code, text } = await shell.run(await copied(page, step), reader);
    expect(code, text).toBe(0);
  }
  const cloned = await shell.files('kit');
  for (const name of NAMES) expect(cloned).toContain(`.codex/agents/${name}.toml`);

  await page.getByRole('link', { name: 'Usage' }).click();
  await expect(page.getByText('2 pulls')).toBeVisible();
  const clients = page.getByRole('region', { name: 'Clients' });
  await expect(clients.getByRole('listitem')).toHaveText([/^Git/, /^roster/]);
  await inspect(page, 'collection-usage');
  await page.getByText('Show the days as a table').click();
  await expect(page.getByRole('row', { name: /2 1 1$/ })).toBeVisible();

  await page.goto(`${person.address({ name: NAMES[1] })}?tab=usage`);
  await expect(page.getByText('2 pulls')).toBeVisible();
  await inspect(page, 'component-usage');
});

test('Each way to each tool, what it loses, and its files', async ({
  page,
  person,
}) => {
  test.slow();
  await release(person);
  const address = `/collections/${person.username}/kit/install`;
  await page.goto(`${address}?target=claude-code&release=1`);
  await expect(page.getByText('Nothing gets lost')).toBeVisible();
  await expect(page.getByText('kit@1 --target claude-code')).toBeVisible();
  await page.getByRole('button', { name: /^buoy-keeper\.md/ }).press('Enter');
  await expect(page.getByText('name: buoy-keeper')).toBeVisible();
  await expect(page).toHaveURL(/file=/);
  await inspect(page, 'install-file');

  await page.goto(`${address}?target=agents-md&way=marketplace`);
  // There is none for it.
  await expect(page.getByRole('link', { name: 'Terminal' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await page.goto(`${address}?target=agent-skills`);
  const serious = page.getByRole('group').filter({ hasText: /^Serious/ });
  await expect(serious.getByRole('link')).toHaveCount(NAMES.length);
  await inspect(page, 'install-losses');

  await page.goto(`${address}?target=claude-plugin&way=marketplace`);
  const plugin = `kit@${person.username}-kit`;
  await expect(page.getByText(`claude plugin install ${plugin}`)).toBeVisible();
  await inspect(page, 'install-marketplace');
  await page.getByRole('link', { name: 'CI' }).click();
  expect(await copied(page, 'Fail a pull request whose files are not those')).toMatch(
    /--check/,
  );
  await inspect(page, 'install-ci');
  await page.getByRole('link', { name: 'Download' }).click();
  await inspect(page, 'install-download');
  for (const format of ['zip', 'tar.gz']) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Download ${format}` }).press('Enter'),
    ]);
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`claude-plugin.*${format}$`),
    );
  }
});

test('A computer is signed in by the copied command, and pulls with what it keeps', async ({
  page,
  person,
  shell,
}) => {
  test.slow();
  await release(person);
  await page.goto(`/collections/${person.username}/kit/install`);
  const pull = await copied(page, 'Pull');
  const login = shell.start(await copied(page, 'Sign in'));
  const code = await expect
    .poll(() => /\b[A-Z]{4}-[A-Z]{4}\b/.exec(login.seen())?.[0] ?? '')
    .not.toBe('')
    .then(() => /\b[A-Z]{4}-[A-Z]{4}\b/.exec(login.seen())?.[0] ?? '');

  await page.goto(`/device?code=${code}`);
  await expect(page.getByLabel('Read')).toBeChecked();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'The device is signed in',
  );
  const signed = await login.outcome;
  expect(signed.code, signed.text).toBe(0);
  expect(signed.text).toContain(`You are ${person.username}`);
  const pulled = await shell.run(pull);
  expect(pulled.code, pulled.text).toBe(0);
  expect(await shell.files()).toContain(`.claude/agents/${NAMES[0]}.md`);
});
