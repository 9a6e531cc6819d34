import { ActionIcon, Button } from '@mantine/core';
import {
  IconArchive,
  IconArrowRight,
  IconRestore,
  IconStack2,
  IconTag,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { isProblem } from '@/api/problem';
import type { Kind } from '@/features/kinds/kinds';
import { toastDone, toastError } from '@/ui/toast';
import { byTeam, countedAs } from '../bulk';
import { exportZip } from '../changes';
import { DeleteDialog, LabelDialog, MoveDialog } from './BulkDialogs';
import classes from './bulk.module.css';
import { ExportByTeam } from './ExportByTeam';
import { type Agents, useRestoreMany } from './use-bulk';

interface BulkBarProps {
  kind: Kind;
  agents: Agents;
  shown: number;
  deleted: boolean;
  onSelectAll: () => void;
  onClear: () => void;
}

type Dialog = 'label' | 'collect' | 'move' | 'delete' | 'export';

const AddToCollection = lazy(() => import('@/features/collections/AddToCollection'));

/** What can be done with the chosen rows; loaded with the first choice. */
export default function BulkBar(props: BulkBarProps) {
  const { kind, agents, shown, deleted, onSelectAll, onClear } = props;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const restore = useRestoreMany();
  const zip = useMutation({
    mutationFn: (chosen: Agents) => exportZip(chosen),
    meta: { quiet: true },
    onSuccess: (_, chosen) => toastDone(`Exported ${countedAs(chosen)}`),
    onError: (error) => {
      if (isProblem(error, 'conflict') && byTeam(agents).size > 1) setDialog('export');
      else toastError(error);
    },
  });
  return (
    <>
      <section
        className={classes.bar}
        aria-label={`Selected ${kind.labels.toLowerCase()}`}
      >
        <span className={classes.chosen} role="status">
          <span className="tabular">{agents.length}</span> selected
        </span>
        {agents.length < shown && (
          <Button
            size="xs"
            variant="subtle"
            className={classes.all ?? ''}
            onClick={onSelectAll}
          >
            Select all {shown} shown
          </Button>
        )}
        <span className={classes.actions}>
          {deleted ? (
            <Button
              size="xs"
              leftSection={<IconRestore size={15} stroke={1.7} aria-hidden />}
              loading={restore.isPending}
              onClick={() =>
                restore.mutate({ agents, value: undefined }, { onSuccess: onClear })
              }
            >
              Restore
            </Button>
          ) : (
            <>
              <Button
                size="xs"
                leftSection={<IconArchive size={15} stroke={1.7} aria-hidden />}
                loading={zip.isPending}
                onClick={() => zip.mutate(agents)}
              >
                Export
              </Button>
              <Button
                size="xs"
                leftSection={<IconTag size={15} stroke={1.7} aria-hidden />}
                onClick={() => setDialog('label')}
              >
                Label
              </Button>
              <Button
                size="xs"
                leftSection={<IconStack2 size={15} stroke={1.7} aria-hidden />}
                onClick={() => setDialog('collect')}
              >
                Collect
              </Button>
              <Button
                size="xs"
                leftSection={<IconArrowRight size={15} stroke={1.7} aria-hidden />}
                onClick={() => setDialog('move')}
              >
                Move
              </Button>
              <Button
                size="xs"
                leftSection={<IconTrash size={15} stroke={1.7} aria-hidden />}
                onClick={() => setDialog('delete')}
              >
                Delete
              </Button>
            </>
          )}
        </span>
        <ActionIcon onClick={onClear} aria-label="Clear selection" title="Esc">
          <IconX size={16} stroke={1.8} />
        </ActionIcon>
      </section>
      {dialog === 'delete' && <DeleteDialog agents={agents} onClose={close} />}
      {dialog === 'label' && <LabelDialog agents={agents} onClose={close} />}
      {dialog === 'move' && <MoveDialog agents={agents} onClose={close} />}
      {dialog === 'collect' && (
        <Suspense>
          <AddToCollection components={agents} onClose={close} />
        </Suspense>
      )}
      {dialog === 'export' && (
        <ExportByTeam agents={agents} error={zip.error} onClose={close} />
      )}
    </>
  );
}
