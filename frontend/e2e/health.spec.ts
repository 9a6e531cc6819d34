import { expect, inspectEverywhere, signIn, visit } from './journey';

visit('An administrator sees that all is well, and what runs', async ({ page }) => {
  await page.goto('/admin/health');
  await signIn(page, 'grace');
  await expect(page.getByRole('main').getByText('All is well')).toBeVisible();
  const parts = page.getByRole('table', { name: 'Parts' });
  for (const part of ['Database', 'Schema', 'Storage', 'Jobs']) {
    await expect(parts.getByRole('row', { name: part })).toContainText('Well');
  }
  await expect(page.getByText(/^SQLite 3\./)).toBeVisible();
  await inspectEverywhere(page, 'admin-health');

  const looked = page.waitForResponse('**/api/v1/instance/health');
  await page.getByRole('button', { name: 'Look now' }).click();
  expect((await looked).ok()).toBe(true);
  await page.getByRole('link', { name: 'see the queues' }).click();
  await expect(page).toHaveURL(/\/admin\/jobs$/);
});
