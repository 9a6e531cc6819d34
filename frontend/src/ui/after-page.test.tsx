import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderUi } from '@/test/render';
import { ConfirmDialog } from './ConfirmDialog';
import { Hint } from './Hint';

function Question() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpened(true)}>
        Ask
      </button>
      <ConfirmDialog
        opened={opened}
        title="Delete reviewer?"
        confirm="Delete"
        onConfirm={() => {}}
        onClose={() => setOpened(false)}
      >
        It can be restored.
      </ConfirmDialog>
    </>
  );
}

test('a question is no second banner and gives the focus back', async () => {
  const user = userEvent.setup();
  renderUi(<Question />);
  await user.click(screen.getByRole('button', { name: 'Ask' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete reviewer?' });
  expect(dialog.querySelector('header')).toHaveAttribute('role', 'presentation');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Ask' })).toHaveFocus(),
  );
});

test('a hint comes for whoever stays, and goes', async () => {
  const user = userEvent.setup();
  renderUi(
    <Hint label="Narrow the rail">
      <button type="button">Toggle</button>
    </Hint>,
  );
  await user.hover(screen.getByRole('button', { name: 'Toggle' }));
  expect(await screen.findByText('Narrow the rail')).toBeInTheDocument();
  await user.unhover(screen.getByRole('button', { name: 'Toggle' }));
  await waitFor(() =>
    expect(screen.queryByText('Narrow the rail')).not.toBeInTheDocument(),
  );
});
