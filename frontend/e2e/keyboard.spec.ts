import type { Page } from '@playwright/test';
import { agentText } from './editor';
import { expect, inspect, PASSWORD, visit } from './journey';

visit(
  'Everything from signing in to publishing is done with the keyboard',
  async ({ page, person }) => {
    const agent = await person.createAgent(agentText('signal-reader'));
    const keys = page.keyboard;

    await page.goto('/agents');
    await expect(page.getByLabel('Name or e-mail')).toBeFocused();
    await keys.type(person.username);
    await keys.press('Tab');
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
    await keys.type(PASSWORD);
    await keys.press('Enter');
    await expect(page.getByRole('link', { name: agent.name })).toBeVisible();

    await page.reload();
    await expect(page.getByRole('link', { name: agent.name })).toBeVisible();
    await keys.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport({ ratio: 1 });
    await keys.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
    await keys.press('Tab');
    expect(await isInside(page, 'main')).toBe(true);

    await keys.press('j');
    await expect(page.getByRole('link', { name: agent.name })).toBeFocused();
    await keys.press('x');
    await expect(page.getByRole('region', { name: 'Selected agents' })).toBeVisible();
    await inspect(page, 'agents-selected');
    await keys.press('Escape');
    await expect(page.getByRole('region', { name: 'Selected agents' })).toBeHidden();

    await keys.press('Control+k');
    const menu = page.getByRole('dialog', { name: 'Command menu' });
    await expect(menu.getByRole('textbox', { name: 'Command' })).toBeFocused();
    await keys.type('signal');
    await expect(menu.getByText(agent.name)).toBeVisible();
    await inspect(page, 'command-menu');
    await keys.press('Enter');
    await expect(page).toHaveURL(person.address(agent));
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await seesEveryStop(page, 30);

    await tabTo(page, 'Edit');
    await keys.press('Enter');
    await expect(page).toHaveURL(`${person.address(agent)}/edit`);
    await expect(page.getByLabel('Description')).toBeVisible();
    await tabTo(page, 'Description');
    await keys.press('Control+End');
    await keys.type(' Not for the weather.');
    await keys.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: `Publish ${agent.name}` });
    await expect(dialog.getByLabel('Message')).toBeFocused();
    await keys.type('Say what it is not for');
    await keys.press('Control+Enter');
    await expect(page.getByText(`Published revision 2 of ${agent.name}`)).toBeVisible();
    await expect(page.getByText('Not for the weather.').first()).toBeVisible();
  },
);

/** Goes on with Tab until what has this name is reached. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press('Tab');
    const reached = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return '';
      const labels =
        'labels' in element ? (element.labels as NodeListOf<Element>) : null;
      return labels?.[0]?.textContent || element.innerText;
    });
    if (reached.trim().startsWith(name)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

const isInside = (page: Page, selector: string) =>
  page.evaluate((inside) => document.activeElement?.closest(inside) !== null, selector);

/** Wherever Tab leads on this page, it shows where that is. */
async function seesEveryStop(page: Page, stops: number): Promise<void> {
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    const unseen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const look = () =>
        [element, element.parentElement, element.parentElement?.parentElement]
          .map((one) => {
            if (!one) return '';
            const { outline, boxShadow, borderColor, textDecoration } =
              getComputedStyle(one);
            return [outline, boxShadow, borderColor, textDecoration].join();
          })
          .join(';');
      const focused = look();
      element.blur();
      const blurred = look();
      element.focus({ preventScroll: true });
      const { width, height } = element.getBoundingClientRect();
      const seen = focused !== blurred && width > 1 && height > 1;
      return seen ? null : element.outerHTML.slice(0, 200);
    });
    expect.soft(unseen, `stop ${stop + 1} shows its focus`).toBeNull();
  }
}
