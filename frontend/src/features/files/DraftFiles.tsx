import { ActionIcon, Button } from '@mantine/core';
import { IconFilePlus, IconPencil, IconTrash, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useRef, useState } from 'react';
import type { DraftSync } from '@/features/agents/editor/draft-sync';
import { revisionQuery } from '@/features/agents/queries';
import { type Collected, fromDrop, fromPicker } from '@/features/imports/collect';
import type { Kind } from '@/features/kinds/kinds';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { toastDone, toastError } from '@/ui/toast';
import { draftFilesQuery, moveDraftFile, putDraftFile, removeDraftFile } from './api';
import classes from './files.module.css';
import { PathDialog } from './PathDialog';
import { TextDialog } from './TextDialog';
import { sizeOf } from './tree';

interface DraftFilesProps {
  component: string;
  kind: Kind;
  sync: DraftSync;
  /** Whether the server has a draft, whose files these are. */
  begun: boolean;
  /** The revision that a draft would begin with; 0 for none. */
  base: number;
}

type Asked =
  | { is: 'new' }
  | { is: 'move'; path: string }
  | { is: 'edit'; path: string; mode: string }
  | { is: 'remove'; path: string };

/** The other files of a draft: add, write, move and remove; each is saved at once. */
export default function DraftFiles(props: DraftFilesProps) {
  const { component, kind, sync, begun, base } = props;
  const queryClient = useQueryClient();
  const files = useQuery({ ...draftFilesQuery(component), enabled: begun });
  const revision = useQuery({
    ...revisionQuery(component, base),
    enabled: !begun && base > 0,
  });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: draftFilesQuery(component).queryKey });
  const change = useMutation({
    mutationFn: (work: (etag: string) => Promise<string>) => sync.beside(work),
    meta: { quiet: true },
    onSuccess: refresh,
    onError: toastError,
  });
  const add = useMutation({
    mutationFn: async (given: readonly Collected[]) => {
      for (const { path, file } of given) {
        await sync.beside((etag) => putDraftFile(component, path, file, etag));
      }
      return given.length;
    },
    meta: { quiet: true },
    onSuccess: (count) =>
      toastDone(count === 1 ? 'Added a file' : `Added ${count} files`),
    onError: toastError,
    onSettled: refresh,
  });

  const shown = begun ? files : revision;
  if (shown.isLoading) return <TextSkeleton lines={6} />;
  if (shown.isError && !shown.data) {
    return <ErrorState error={shown.error} onRetry={() => void shown.refetch()} />;
  }
  const items = begun
    ? (files.data?.items ?? [])
    : (revision.data?.files ?? []).filter(({ path }) => path !== kind.main);
  /** Text is read from the draft, so there has to be one. */
  const write = (path: string, mode: string) =>
    sync
      .beside((etag) => Promise.resolve(etag))
      .then(() => setAsked({ is: 'edit', path, mode }), toastError);
  const paths = items.map(({ path }) => path);
  const close = () => setAsked(null);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add.mutate((await fromDrop(event.dataTransfer)).flatMap((one) => one.files));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped can be picked
    <div
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <div className={classes.zoneHead}>
        <Button
          size="xs"
          leftSection={<IconFilePlus size={15} stroke={1.7} aria-hidden />}
          onClick={() => setAsked({ is: 'new' })}
        >
          New file
        </Button>
        <Button
          size="xs"
          leftSection={<IconUpload size={15} stroke={1.7} aria-hidden />}
          loading={add.isPending}
          onClick={() => picker.current?.click()}
        >
          Add files
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to add"
          onChange={(event) => {
            const given = fromPicker(event.currentTarget.files ?? []);
            add.mutate(given.flatMap((one) => one.files));
            event.currentTarget.value = '';
          }}
        />
      </div>
      {items.length === 0 ? (
        <p className="muted">
          Scripts, references and other files stand beside {kind.main}. Drop some here.
        </p>
      ) : (
        <ul className={classes.list} aria-label="Other files">
          {items.map(({ path, size, mode }) => (
            <li key={path} className={classes.row}>
              <button
                type="button"
                className={`mono ${classes.file}`}
                onClick={() => void write(path, mode)}
              >
                <span className={classes.fileName}>{path}</span>
              </button>
              <span className="muted tabular">{sizeOf(size)}</span>
              <ActionIcon
                aria-label={`Move ${path}`}
                title="Move or rename"
                onClick={() => setAsked({ is: 'move', path })}
              >
                <IconPencil size={16} stroke={1.7} />
              </ActionIcon>
              <ActionIcon
                aria-label={`Remove ${path}`}
                title="Remove"
                onClick={() => setAsked({ is: 'remove', path })}
              >
                <IconTrash size={16} stroke={1.7} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {(asked?.is === 'new' || asked?.is === 'move') && (
        <PathDialog
          title={asked.is === 'new' ? 'New file' : `Move ${asked.path}`}
          start={asked.is === 'new' ? '' : asked.path}
          taken={asked.is === 'new' ? paths : paths.filter((one) => one !== asked.path)}
          main={kind.main}
          onClose={close}
          onPath={(path) => {
            close();
            change.mutate(
              (etag) =>
                asked.is === 'new'
                  ? putDraftFile(component, path, '', etag)
                  : moveDraftFile(component, asked.path, path, etag),
              {
                onSuccess: () => {
                  if (asked.is === 'new')
                    setAsked({ is: 'edit', path, mode: '100644' });
                },
              },
            );
          }}
        />
      )}
      {asked?.is === 'edit' && (
        <TextDialog
          key={asked.path}
          component={component}
          path={asked.path}
          executable={asked.mode === '100755'}
          sync={sync}
          onClose={() => {
            close();
            void refresh();
          }}
        />
      )}
      <ConfirmDialog
        opened={asked?.is === 'remove'}
        title={`Remove ${asked?.is === 'remove' ? asked.path : ''}?`}
        confirm="Remove"
        danger
        busy={change.isPending}
        onConfirm={() => {
          if (asked?.is !== 'remove') return;
          change.mutate((etag) => removeDraftFile(component, asked.path, etag), {
            onSettled: close,
          });
        }}
        onClose={close}
      >
        It goes from your draft. The published revisions keep it.
      </ConfirmDialog>
    </div>
  );
}
