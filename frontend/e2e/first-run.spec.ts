import { expect, PASSWORD, visit } from './journey';
import { SETUP_CODE } from './settings';

visit('first', async ({ page, guard }) => {
  guard.refuses('POST', /register$/, 422);
  await page.goto('/');
  await page.getByLabel('Setup code').fill('wrong');
  await page.getByLabel('Name').fill('grace');
  await page.getByLabel('E-mail').fill('grace@example.org');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Make administrator' }).click();
  await expect(page.getByLabel('Setup code')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Setup code').fill(SETUP_CODE);
  await page.getByRole('button', { name: 'Make administrator' }).click();
  await expect(page).toHaveURL(/\/welcome$/);
});
