import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { looks } from './settings';

/** A folder for pictures of every page that a journey inspects; usually none. */
const pictures = process.env.PICTURES;

/** Nothing on the page may be hard to use for anyone, or stick out of the window. */
export async function inspect(
  page: Page,
  name: string,
  look = test.info().project.name,
): Promise<void> {
  await test.step(`inspect ${name}, ${look}`, async () => {
    await settled(page);
    if (pictures) {
      const path = join(pictures, `${name}-${look}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    // axe fetches the style sheets once more, and warns where the line is cut.
    const preload = await page.evaluate(() => navigator.onLine);
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      // Which rules hold is not told node by node: that takes as long as the rules.
      .options({ preload, resultTypes: ['violations'] })
      .analyze();
    const told = violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`,
      ),
    );
    expect.soft(told, `accessibility of ${name}`).toEqual([]);
    expect.soft(await stickingOut(page), `width of ${name}`).toEqual([]);
  });
}

/** For what a journey can see only once: in every look, one after the other. */
export async function inspectEverywhere(page: Page, name: string): Promise<void> {
  for (const look of looks) {
    await page.setViewportSize(look.viewport);
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await inspect(page, name, look.name);
  }
  await page.setViewportSize(looks[0].viewport);
  await page.emulateMedia({ colorScheme: looks[0].colorScheme });
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

/** What makes the page, or a dialog on it, scroll sideways. */
async function stickingOut(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const boxes = [
      document.documentElement,
      ...document.querySelectorAll('[role=dialog]'),
    ];
    return boxes
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .flatMap((box) => {
        const edge = box.getBoundingClientRect().left + box.clientWidth;
        const wide = [...box.querySelectorAll('*')].filter(
          (one) => one.getBoundingClientRect().right > edge + 1,
        );
        return wide.slice(0, 5).map((one) => `${one.outerHTML.slice(0, 120)}`);
      });
  });
}
