import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, type Person, test } from './journey';

const title = (page: Page) => page.getByRole('heading', { level: 1 });

test('Production moves after two approvals, and is rolled back in one click', async ({
  page,
  person,
  join,
  browserOf,
}) => {
  const [bob, cleo] = [await join('bob'), await join('cleo')];
  const dora = await join('dora');
  const team = await person.foundTeam(bob, cleo, dora);
  const agent = await person.createAgent(agentText('lock-keeper'), team);
  const place = `/agents/${team}/${agent.name}`;
  await bob.publish(agent, agentText('lock-keeper', 'You ask first.\n'));
  await bob.setLabel(agent, 'production', 1);

  await page.goto(`/teams/${team}/policy`);
  const add = page.getByRole('button', { name: 'Protect a label' });
  await expect(add).toBeVisible();
  await inspect(page, 'policy-empty');
  await add.click();
  const policy = page.getByRole('dialog', { name: 'Protect a label' });
  await policy.getByLabel('Approvals').selectOption('2');
  await inspect(page, 'policy-new');
  await policy.getByRole('button', { name: 'Protect', exact: true }).click();
  await expect(page.getByText('Editors move it after 2 approvals.')).toBeVisible();
  await inspect(page, 'policy');

  await page.goto(place);
  await page.getByRole('button', { name: `More actions on ${agent.name}` }).click();
  await page.getByRole('menuitem', { name: 'Labels' }).click();
  const labels = page.getByRole('dialog');
  await expect(labels.getByRole('img', { name: /^Protected/ })).toBeVisible();
  await labels.getByRole('textbox', { name: 'Label' }).fill('production');
  await inspect(page, 'labels-protected');
  await labels.getByRole('button', { name: 'Promote…' }).click();
  const promote = page.getByRole('dialog', { name: /^Promote a revision/ });
  await promote.getByLabel('Why').fill('It asks before it opens a **gate**.');
  await inspect(page, 'promote');
  await promote.getByRole('button', { name: 'Open review' }).click();
  await expect(page).toHaveURL(/\/reviews\/[0-9a-f-]+$/);
  await expect(title(page)).toContainText('revision 1 to 2');
  await expect(page.getByRole('region', { name: 'Comparison' })).toBeVisible();
  const apply = page.getByRole('button', { name: 'Apply' });
  await expect(apply).toBeDisabled();
  await expect(page.getByText('2 more approvals are needed.')).toBeVisible();
  await expect(page.getByText('No errors: passed')).toBeVisible();
  await page.getByLabel('Add a comment').fill('Tried it for a day.');
  await page.getByRole('button', { name: 'Comment' }).click();
  await expect(page.getByRole('article')).toContainText('Tried it for a day.');
  await inspect(page, 'review-open');

  // Bob published the revision: his word is no second pair of eyes.
  const address = new URL(page.url()).pathname;
  for (const reviewer of [cleo, dora]) {
    const other = await (await browserOf(reviewer)).newPage();
    await approve(other, agent.name);
    expect(new URL(other.url()).pathname).toBe(address);
  }
  await refused(await (await browserOf(bob)).newPage(), address, bob);

  await page.reload();
  await expect(page.getByText('2 of 2 approvals')).toBeVisible();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('The label moved')).toBeVisible();
  await expect(page.getByText(`Applied by`)).toBeVisible();
  await inspect(page, 'review-applied');

  await page.goto(place);
  await expect(title(page)).toContainText('production2');
  await page.getByRole('button', { name: `More actions on ${agent.name}` }).click();
  await page.getByRole('menuitem', { name: 'Labels' }).click();
  await page.getByRole('button', { name: 'Roll production back' }).click();
  const rollback = page.getByRole('dialog', { name: /^Roll production/ });
  await rollback.getByLabel('Why').fill('It asks too often.');
  await inspect(page, 'rollback');
  await rollback.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByText('production is back on revision 1')).toBeVisible();
  await expect(title(page)).toContainText('production1');

  await page.goto('/reviews?view=all');
  const reviews = page.getByRole('list', { name: 'Reviews', exact: true });
  await expect(reviews.getByRole('listitem')).toHaveCount(2);
  await expect(reviews.getByText('Rollback')).toBeVisible();
  await inspect(page, 'reviews');
});

/** From the rail, which says that something waits, to the approval. */
async function approve(page: Page, name: string) {
  await page.goto('/reviews?view=needs-me');
  await page.getByRole('link', { name: new RegExp(`${name}: production`) }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('You approved it', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve' })).toBeDisabled();
}

async function refused(page: Page, address: string, { username }: Person) {
  await page.goto(address);
  await expect(title(page)).toContainText('revision 1 to 2');
  await expect(page.getByRole('button', { name: 'Approve' })).toBeDisabled();
  const reasons = page.getByRole('list', { name: 'What stands in the way' });
  await expect(reasons, username).toContainText('You published the revision');
}
