import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArchive,
  IconDots,
  IconDownload,
  IconEye,
  IconStack2,
  IconTag,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Published } from '@/api/types';
import { fileNameOf } from '@/features/kinds/kinds';
import { downloadRevision } from '../changes';
import classes from './component.module.css';
import { DeleteAgent } from './DeleteAgent';
import LabelsDialog from './LabelsDialog';
import VisibilityDialog from './VisibilityDialog';

const ExportDialog = lazy(() => import('@/features/exports/ExportDialog'));
const AddToCollection = lazy(() => import('@/features/collections/AddToCollection'));

type Dialog = 'collect' | 'export' | 'labels' | 'visibility' | 'delete';

const icon = (Icon: typeof IconTag) => <Icon size={16} stroke={1.6} aria-hidden />;

/** What is done with an agent now and then; open as soon as it was loaded. */
export default function ActionsMenu({ agent }: { agent: Published }) {
  const [opened, setOpened] = useState(true);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const download = useMutation({
    mutationFn: () => downloadRevision(agent, agent.latest.number),
  });
  const { edit, manage } = agent.permissions;
  const close = () => setDialog(null);
  return (
    <>
      <Menu opened={opened} onChange={setOpened} width={220}>
        <Menu.Target>
          <ActionIcon
            size={32}
            variant="default"
            aria-label={`More actions on ${agent.name}`}
          >
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={icon(IconDownload)} onClick={() => download.mutate()}>
            Download {fileNameOf(agent)}
          </Menu.Item>
          <Menu.Item
            leftSection={icon(IconArchive)}
            onClick={() => setDialog('export')}
          >
            Export for a tool
          </Menu.Item>
          <Menu.Item
            leftSection={icon(IconStack2)}
            onClick={() => setDialog('collect')}
          >
            Add to a collection
          </Menu.Item>
          {edit && (
            <Menu.Item leftSection={icon(IconTag)} onClick={() => setDialog('labels')}>
              Labels
            </Menu.Item>
          )}
          {manage && (
            <>
              <Menu.Item
                leftSection={icon(IconEye)}
                onClick={() => setDialog('visibility')}
              >
                Visibility
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item
                className={classes.danger ?? ''}
                leftSection={icon(IconTrash)}
                onClick={() => setDialog('delete')}
              >
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'collect' && (
        <Suspense>
          <AddToCollection components={[agent]} onClose={close} />
        </Suspense>
      )}
      {dialog === 'export' && (
        <Suspense>
          <ExportDialog component={agent} onClose={close} />
        </Suspense>
      )}
      {dialog === 'labels' && <LabelsDialog agent={agent} onClose={close} />}
      {dialog === 'visibility' && <VisibilityDialog agent={agent} onClose={close} />}
      {dialog === 'delete' && <DeleteAgent agent={agent} onClose={close} />}
    </>
  );
}
