import type { Page } from '@playwright/test';
import { expect, inspect, signIn, test, visit } from './journey';
import { zip } from './zip';

/** So many that reading them takes longer than looking at it. */
const MANY = 4_000;

const agentFile = (name: string) =>
  Buffer.from(
    `---\nname: ${name}\ndescription: Use this agent to keep watch ${name}.\n---\n\nYou keep watch.\n`,
  );

/** An archive with this many agents. */
const archive = (count: number) =>
  zip(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `watch/.claude/agents/watch-${index}.md`,
        agentFile(`watch-${index}`),
      ]),
    ),
  );

async function upload(page: Page, name: string, count: number) {
  await page.goto('/imports/new');
  await page.getByLabel('Files to import').setInputFiles({
    name,
    mimeType: 'application/zip',
    buffer: archive(count),
  });
  await page.getByRole('button', { name: 'Upload and preview' }).click();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}/);
}

const main = (page: Page) => page.getByRole('main');
const topBar = (page: Page, what: string) =>
  page.getByRole('banner').getByRole('button', { name: new RegExp(`^Jobs${what}`) });

test('A person watches a job, reloads, cancels it and tries it again', async ({
  page,
}) => {
  test.slow();
  await upload(page, 'watches.zip', MANY);
  await topBar(page, ': \\d+ running').click();
  const popover = page.getByRole('dialog', { name: /^Jobs/ });
  await expect(popover.getByRole('progressbar')).toBeVisible();
  await popover.getByRole('link', { name: /^Log of/ }).click();

  await expect(page).toHaveURL(/\/jobs\/[0-9a-f-]{36}$/);
  await expect(main(page).getByText('Live', { exact: true })).toBeVisible();
  await page.reload();
  await expect(main(page).getByText('Live', { exact: true })).toBeVisible();
  await main(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(main(page).getByText('Cancelled', { exact: true })).toBeVisible();
  await expect(main(page).getByText('Complete', { exact: true })).toBeVisible();
  await inspect(page, 'job-cancelled');

  const first = page.url();
  await main(page).getByRole('button', { name: 'Try again' }).click();
  await expect(page).not.toHaveURL(first);
  await expect(main(page).getByText('Live', { exact: true })).toBeVisible();
  await topBar(page, ': \\d+ running').click();
  await inspect(page, 'job-running');
  await popover.getByRole('button', { name: /^Cancel / }).click();
  await page.keyboard.press('Escape');
  await expect(popover).toBeHidden();
  await expect(main(page).getByText('Cancelled', { exact: true })).toBeVisible();

  await page.goto('/jobs?state=cancelled');
  const jobs = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');
  await expect(jobs).toHaveCount(2);
  await inspect(page, 'jobs');
  await page.getByText('Succeeded', { exact: true }).click();
  await expect(page).toHaveURL(/state=succeeded/);
  await expect(
    page.getByRole('heading', { name: 'No job is like that' }),
  ).toBeVisible();
});

test('What ended is told in the top bar until it is seen', async ({ page }) => {
  await upload(page, 'few.zip', 3);
  const news = topBar(page, ': .*\\d+ ended');
  await expect(news).toBeVisible();
  await page.reload();
  await news.click();
  const popover = page.getByRole('dialog', { name: /^Jobs/ });
  await expect(popover.getByText('Succeeded')).toBeVisible();
  await inspect(page, 'jobs-ended');
  await page.keyboard.press('Escape');
  await expect(topBar(page, '$')).toBeFocused();
  await page.reload();
  await expect(topBar(page, '$')).toBeVisible();
});

visit(
  'An administrator sees queues, workers and what comes by the clock',
  async ({ page }) => {
    await page.goto('/admin/jobs?state=succeeded&queue=upkeep');
    await signIn(page, 'grace');
    const queues = page.getByRole('table', { name: 'Queues' });
    await expect(queues.getByRole('row')).toHaveCount(4);
    await expect(queues.getByRole('row', { name: 'Imports' })).toContainText(
      'Keeps up',
    );
    const workers = page.getByRole('table', { name: 'Workers' });
    await expect(workers.getByText('Alive')).toBeVisible();
    const periodic = page
      .getByRole('table', { name: 'By the clock' })
      .getByRole('row', { name: 'Remove old jobs' });
    await expect(periodic).toContainText('Succeeded');
    await inspect(page, 'admin-jobs');
    await periodic.getByRole('link').click();
    await expect(page).toHaveURL(/kind=jobs\.remove_finished/);
    const jobs = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');
    await expect(jobs.first()).toContainText('Remove old jobs');
    await jobs.first().getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Remove old jobs');
    await expect(page.getByText('It said nothing.')).toBeVisible();
  },
);
