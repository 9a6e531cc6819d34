import { agentText, openEditor, publish, typeInPrompt } from './editor';
import { expect, inspect, test } from './journey';

test('What one person publishes shows in what another has open', async ({
  page,
  context,
  person,
  join,
  browserOf,
}) => {
  const bea = await join('bea');
  const crew = await bea.makeTeam(person);
  await bea.createAgent(agentText('lock-keeper'), crew);
  const address = `/agents/${crew}/lock-keeper`;

  await page.goto('/agents');
  await expect(page.getByRole('link', { name: 'lock-keeper' })).toBeVisible();
  const reading = await context.newPage();
  await reading.goto(`${address}?tab=revisions`);
  const revisions = reading.getByRole('list', { name: 'Revisions' });
  await expect(revisions.getByRole('listitem')).toHaveCount(1);
  const dashboard = await context.newPage();
  await dashboard.goto('/');
  await expect(dashboard.getByRole('heading', { level: 1 })).toHaveText('Dashboard');
  await expect(dashboard.getByText('published the first revision of')).toBeVisible();
  await inspect(dashboard, 'dashboard');

  const working = await (await browserOf(bea)).newPage();
  await openEditor(working, address);
  await typeInPrompt(working, 'Mind the sill.\n');
  await publish(working, 'lock-keeper', 'Mind the sill');

  await expect(revisions.getByText('Mind the sill')).toBeVisible();
  await expect(dashboard.getByText('published revision 2 of')).toBeVisible();
  // The rows stay where they are until they are asked for.
  const news = page.getByRole('button', { name: '1 change, show' });
  await expect(news).toBeVisible();
  await inspect(page, 'agents-news');
  await news.click();
  await expect(news).toBeHidden();
  await expect(page.getByRole('link', { name: 'lock-keeper' })).toBeVisible();

  await dashboard.getByText('Show the days as a table').click();
  await expect(
    dashboard.getByRole('columnheader', { name: 'Revisions', exact: true }),
  ).toBeVisible();
  await dashboard.getByText('7 days', { exact: true }).click();
  await expect(dashboard).toHaveURL(/days=7/);
  await inspect(dashboard, 'dashboard-table');
});
