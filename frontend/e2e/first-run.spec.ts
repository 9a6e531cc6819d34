import { expect, inspectEverywhere, PASSWORD, visit } from './journey';
import { SETUP_CODE } from './settings';

visit(
  'An empty instance gets its administrator and the samples',
  async ({ page, guard }) => {
    guard.refuses('POST', /^\/api\/v1\/auth\/register$/, 422);
    const title = page.getByRole('heading', { level: 1 });

    await page.goto('/agents');
    await expect(page).toHaveURL(/\/setup$/);
    await inspectEverywhere(page, 'setup');
    const code = page.getByLabel('Setup code');
    await code.fill('not-the-code');
    await page.getByLabel('Name').fill('grace');
    await page.getByLabel('E-mail').fill('grace@example.org');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await expect(code).toHaveAttribute('aria-invalid', 'true');
    await expect(code).toHaveAccessibleDescription(
      /setup code that this instance printed/,
    );
    await inspectEverywhere(page, 'setup-refused');

    await code.fill(SETUP_CODE);
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await expect(title).toHaveText('Welcome, grace');
    await inspectEverywhere(page, 'welcome');

    await page.getByRole('button', { name: /^Try with samples/ }).click();
    await expect(title).toHaveText(/ of 13 would be dropped by a strict loader/);
    const clash = page.getByRole('article', { name: 'code-reviewer' });
    await expect(clash.getByText('2 different files want this name.')).toBeVisible();
    await inspectEverywhere(page, 'samples-clash');
    await clash.getByRole('button', { name: 'Take agents/code-reviewer.md' }).click();
    await expect(clash.getByText('gets the name')).toBeVisible();
    await page.getByRole('link', { name: /^Needs repair/ }).click();
    await expect(page.getByRole('button', { name: /^Details of/ })).toHaveCount(2);
    await inspectEverywhere(page, 'samples-needs-repair');

    await page.getByRole('button', { name: 'Apply import' }).click();
    await expect(title).toHaveText('12 agents created, 1 file skipped.');
    await inspectEverywhere(page, 'samples-report');
    await page.getByRole('link', { name: 'See the agents' }).click();
    await expect(page.getByRole('table', { name: 'Agents' })).toBeVisible();
    await expect(page.getByText('12 agents')).toBeVisible();
    await inspectEverywhere(page, 'samples-agents');

    await page.goto('/account');
    await expect(page.getByText('administrator')).toBeVisible();
    await page.goto('/setup');
    await expect(title).toHaveText('Dashboard');
  },
);
