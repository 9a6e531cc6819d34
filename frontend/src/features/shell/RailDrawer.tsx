import { Drawer } from '@mantine/core';
import { Rail } from './Rail';

/** The rail on narrow screens; loaded when it is first opened. */
export default function RailDrawer({ onClose }: { onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      size={264}
      withCloseButton={false}
      padding={0}
      attributes={{ content: { 'aria-label': 'Navigation' } }}
    >
      <Rail collapsed={false} />
    </Drawer>
  );
}
