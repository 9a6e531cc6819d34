import { ActionIcon, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCopy, IconDeviceFloppy, IconDots, IconTrash } from '@tabler/icons-react';
import { Kbd } from '@/ui/Kbd';
import { toastDone } from '@/ui/toast';
import { MOD } from './keys';

interface EditMenuProps {
  text: string;
  onSave?: (() => void) | undefined;
  /** Missing where there is nothing to discard. */
  onDiscard?: (() => void) | undefined;
  discardLabel?: string;
}

export function EditMenu(props: EditMenuProps) {
  const { text, onSave, onDiscard, discardLabel = 'Discard draft' } = props;
  const { copy } = useClipboard();
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon size={32} aria-label="More actions">
          <IconDots size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onSave && (
          <Menu.Item
            leftSection={<IconDeviceFloppy size={16} stroke={1.6} aria-hidden />}
            rightSection={<Kbd>{MOD} S</Kbd>}
            onClick={onSave}
          >
            Save draft now
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopy size={16} stroke={1.6} aria-hidden />}
          onClick={() => {
            copy(text);
            toastDone('Text copied');
          }}
        >
          Copy the text
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTrash size={16} stroke={1.6} aria-hidden />}
          disabled={!onDiscard}
          onClick={onDiscard}
        >
          {discardLabel}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
