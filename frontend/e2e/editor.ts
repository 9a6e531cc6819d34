import { expect, type Locator, type Page } from '@playwright/test';

/** An agent without anything to find fault with. */
export const agentText = (name: string, rest = 'You read, then you answer.\n') =>
  `---
name: ${name}
description: Use this agent to answer questions about the harbour timetable.
tools: Read, Grep
model: sonnet
---

${rest}`;

type View = 'Form' | 'Source' | 'Findings' | 'Preview';

/** On narrow screens everything is a tab; on wide ones only what stands at the side. */
export async function show(page: Page, view: View): Promise<void> {
  const tab = page.getByRole('tab', { name: view });
  const choice = page.getByRole('radiogroup', { name: 'How to edit' });
  await expect(tab.or(choice).first()).toBeVisible();
  if ((await tab.count()) > 0) await tab.click();
  else await choice.getByText(view, { exact: true }).click();
}

export const source = (page: Page, name: string): Locator =>
  page.getByRole('textbox', { name: `Source of ${name}` });

/** Opens the editor and waits until the text can be typed into. */
export async function openEditor(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/edit`);
  await expect(page.getByLabel('Description')).toBeVisible();
}

/** Types at the end of the prompt. */
export async function typeInPrompt(page: Page, text: string): Promise<void> {
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(text);
}

export const status = (page: Page): Locator => page.getByTestId('save-status');

export async function saved(page: Page): Promise<void> {
  await expect(status(page)).toHaveText('Saved a moment ago');
}

export async function publish(page: Page, name: string, message: string) {
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: `Publish ${name}` });
  await dialog.getByLabel('Message').fill(message);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
}

export const clipboard = (page: Page): Promise<string> =>
  page.evaluate(() => navigator.clipboard.readText());
