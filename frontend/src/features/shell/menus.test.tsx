import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderUi } from '@/test/render';
import { ThemeSwitch } from './ThemeSwitch';

test('the first Enter opens the menu when its code has come; Escape goes back', async () => {
  const user = userEvent.setup();
  renderUi(<ThemeSwitch />);
  const button = screen.getByRole('button', { name: 'Colour theme' });
  expect(button).toHaveAttribute('aria-haspopup', 'menu');

  await user.tab();
  expect(button).toHaveFocus();
  await user.keyboard('{Enter}');
  const menu = await screen.findByRole('menu', { name: 'Colour theme' });
  expect(menu).toHaveAttribute('id', button.getAttribute('aria-controls'));
  expect(button).toHaveAttribute('aria-expanded', 'true');
  await waitFor(() => expect(menu.contains(document.activeElement)).toBe(true));

  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu')).not.toBeInTheDocument());
  await waitFor(() => expect(button).toHaveFocus());
  expect(button).toHaveAttribute('aria-expanded', 'false');
});

test('a choice is made and marked', async () => {
  const user = userEvent.setup();
  renderUi(<ThemeSwitch />);
  const button = screen.getByRole('button', { name: 'Colour theme' });
  await user.click(button);
  await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }));
  expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await waitFor(() => expect(screen.queryByRole('menu')).not.toBeInTheDocument());
  await user.click(button);
  expect(await screen.findByRole('menuitemradio', { name: 'Dark' })).toBeChecked();
});
