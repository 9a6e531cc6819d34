import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { isProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { publishDraft } from '@/features/lifecycle/changes';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Kbd } from '@/ui/Kbd';
import { PageHeader } from '@/ui/PageHeader';
import { TextSkeleton } from '@/ui/skeletons';
import { toastDone, toastError } from '@/ui/toast';
import { discardDraft, saveDraft } from './api';
import { tabBackup } from './backup';
import { ConflictView, namesOf } from './ConflictView';
import { DraftSync } from './draft-sync';
import { EditMenu } from './EditMenu';
import { EditNotices } from './EditNotices';
import classes from './editor.module.css';
import { MOD } from './keys';
import { LeaveGuard } from './LeaveGuard';
import type { Offer, Opening } from './open';
import { PublishDialog } from './PublishDialog';
import { toastPublished } from './published-toast';
import { SaveStatus } from './SaveStatus';
import { SetAside } from './SetAside';
import { useConflict } from './use-conflict';
import { useEdit, useEditKeys } from './use-edit';
import { useLint } from './use-lint';
import type { EditSearch } from './views';
import { Workspace } from './Workspace';

const DraftFiles = lazy(() => import('@/features/files/DraftFiles'));

const FileClashes = lazy(() => import('@/features/lifecycle/FileClashes'));

const NOT_SAVED = 'Your text is not saved yet, so it cannot be published.';

interface EditAgentProps {
  opening: Opening;
  userId: string;
  search: EditSearch;
  onSearch: (search: EditSearch) => void;
}

/** An agent that exists, edited as a draft that the server keeps. */
export function EditAgent({ opening, userId, search, onSearch }: EditAgentProps) {
  const { agent } = opening;
  const { id, name } = agent;
  const router = useRouter();
  const queryClient = useQueryClient();
  const [sync] = useState(
    () =>
      new DraftSync(
        opening.local,
        tabBackup(userId, id),
        (body, etag, keepalive) => saveDraft(id, body, etag, keepalive),
        opening.savedAt,
      ),
  );
  const edit = useEdit(sync);
  const kind = kindOf(agent.kind);
  const lint = useLint(kind, edit.text, kind.file(name));
  const conflict = useConflict(sync, kind, id, edit.save, opening.conflict);
  const [offer, setOffer] = useState<Offer | null>(opening.offer);
  const [publishing, setPublishing] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const [theirs, setTheirs] = useState<string[]>([]);
  const shown = conflict.standing?.open ? conflict.standing.conflict : null;

  // What the link asked for is in the text now; a reload must not ask again.
  useEffect(() => {
    const { repair, restore, ...rest } = search;
    if (repair || restore !== undefined) onSearch(rest);
  }, [search, onSearch]);

  const publish = useMutation({
    mutationFn: async (message: string) => {
      // What is published is the draft, as the server has it.
      const saved = await sync.flush();
      const { save } = sync.snapshot();
      if (save.is === 'refused') throw save.error;
      const { etag } = sync.local();
      if (!saved || etag === null) throw new Error(NOT_SAVED);
      await sync.hold();
      return publishDraft(id, etag, message);
    },
    meta: { quiet: true },
    onSuccess: async ({ number }) => {
      const before = sync.local().base.number;
      sync.finish();
      void queryClient.invalidateQueries({ queryKey: keys.agents });
      void queryClient.invalidateQueries({ queryKey: keys.components });
      const to = {
        to: '/$plural/$team/$name',
        params: placeOf(agent),
      } as const;
      const search = { tab: 'revisions', from: before, to: number } as const;
      await router.navigate(to);
      toastPublished({
        message: `Published revision ${number} of ${name}`,
        ...(before > 0 && {
          compare: {
            href: router.buildLocation({ ...to, search }).href,
            open: () => void router.navigate({ ...to, search }),
          },
        }),
      });
    },
    onError: (error) => {
      sync.release();
      const behind = isProblem(error, 'stale') || isProblem(error, 'draft-behind');
      if (!behind && sync.snapshot().save.is !== 'stale') return;
      setPublishing(false);
      conflict.consult(true).catch(toastError);
    },
  });

  const discard = useMutation({
    mutationFn: async () => {
      await sync.hold();
      const { etag } = sync.local();
      if (etag !== null) await discardDraft(id, etag);
    },
    onSuccess: () => {
      const { text, base } = sync.local();
      sync.release();
      sync.reset({
        text: base.text,
        confirmed: base.text,
        etag: null,
        draftBase: null,
        base,
      });
      setDiscarding(false);
      toastDone('Draft discarded', () => sync.edit(text));
      void queryClient.invalidateQueries({ queryKey: keys.agents });
      conflict.consult(false).catch(toastError);
    },
    onError: (error) => {
      sync.release();
      setDiscarding(false);
      if (isProblem(error, 'stale')) conflict.consult(true).catch(toastError);
    },
  });

  const openPublish = useCallback(() => {
    publish.reset();
    setPublishing(true);
  }, [publish.reset]);
  const busy = shown !== null || discarding;
  useEditKeys(
    () => void sync.flush(),
    () => {
      if (!busy && !publishing) openPublish();
    },
  );

  const begun = edit.base.number === 0;
  const changed = edit.text !== edit.base.text || edit.save.is === 'saved';
  return (
    <div className={classes.page} data-wide>
      <div className={classes.head}>
        <PageHeader
          title={<span className="mono">{name}</span>}
          description={
            <span className={classes.describe}>
              <span>
                {begun ? 'Not published yet' : `Based on revision ${edit.base.number}`}
              </span>
              <SaveStatus save={edit.save} />
            </span>
          }
          actions={
            <>
              <EditMenu
                text={edit.text}
                onSave={() => void sync.flush()}
                onDiscard={changed && !begun ? () => setDiscarding(true) : undefined}
              />
              <Button
                variant="filled"
                disabled={busy}
                onClick={openPublish}
                rightSection={<Kbd>{MOD} ↵</Kbd>}
              >
                Publish
              </Button>
            </>
          }
        />
        <EditNotices
          started={opening.started}
          offer={offer}
          standing={conflict.standing}
          onOffer={(taken) => {
            if (taken) {
              conflict.keepAside('your draft', edit.text);
              sync.edit(taken.text);
            }
            setOffer(null);
          }}
          onConflict={() => conflict.consult(true).catch(toastError)}
        />
        <SetAside texts={conflict.aside} onForget={conflict.forgetAside} />
      </div>
      {shown ? (
        <ConflictView
          conflict={shown}
          names={namesOf(shown)}
          onResolve={(text) => {
            conflict.resolve(text, theirs).catch(toastError);
            setTheirs([]);
          }}
          {...(shown.kind === 'published' && {
            onLater: conflict.postpone,
            files: kind.isTree && (
              <Suspense>
                <FileClashes component={id} theirs={theirs} onTheirs={setTheirs} />
              </Suspense>
            ),
          })}
        />
      ) : (
        <Workspace
          kind={kind}
          text={edit.text}
          onText={sync.edit}
          lint={lint}
          label={`Source of ${name}`}
          fixedName={name}
          search={search}
          onSearch={onSearch}
          files={
            kind.isTree && (
              <Suspense fallback={<TextSkeleton lines={6} />}>
                <DraftFiles
                  component={id}
                  kind={kind}
                  sync={sync}
                  begun={sync.local().etag !== null}
                  base={edit.base.number}
                />
              </Suspense>
            )
          }
          onPause={() => void sync.flush()}
        />
      )}
      {publishing && (
        <PublishDialog
          title={`Publish ${name}`}
          text={edit.text}
          lint={lint}
          onText={sync.edit}
          base={
            begun
              ? null
              : { text: edit.base.text, name: `Revision ${edit.base.number}` }
          }
          tree={kind.isTree}
          onPublish={publish.mutate}
          onClose={() => setPublishing(false)}
          busy={publish.isPending}
          error={publish.error}
        />
      )}
      <ConfirmDialog
        opened={discarding}
        title={`Discard your draft of ${name}?`}
        confirm="Discard draft"
        danger
        busy={discard.isPending}
        onConfirm={() => discard.mutate()}
        onClose={() => setDiscarding(false)}
      >
        What you typed since revision {edit.base.number} goes. The published revisions
        stay as they are.
      </ConfirmDialog>
      <LeaveGuard sync={sync} why={`The server does not have your text of ${name}.`} />
    </div>
  );
}
