import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { isProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import type { UserMe } from '@/api/types';
import { type Kind, placeOf } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { Kbd } from '@/ui/Kbd';
import { PageHeader } from '@/ui/PageHeader';
import { toastDone } from '@/ui/toast';
import { createAgent } from './api';
import { tabBackup } from './backup';
import { DraftSync } from './draft-sync';
import { EditMenu } from './EditMenu';
import classes from './editor.module.css';
import { MOD } from './keys';
import { LeaveGuard } from './LeaveGuard';
import { nameIn, withName } from './name-in-text';
import { type NewChoices, NewFields, PublishDialog } from './PublishDialog';
import { toastPublished } from './published-toast';
import { SaveStatus } from './SaveStatus';
import { TEMPLATES } from './template';
import { useEdit, useEditKeys } from './use-edit';
import { useLint } from './use-lint';
import type { ViewSearch } from './views';
import { Workspace } from './Workspace';

interface NewAgentPageProps {
  kind: Kind;
  search: ViewSearch;
  onSearch: (search: ViewSearch) => void;
}

export function NewAgentPage(props: NewAgentPageProps) {
  const user = useUser();
  const teams = user?.teams.filter(({ role }) => role !== 'viewer') ?? [];
  if (!user) return null;
  if (teams.length === 0) {
    return (
      <EmptyState icon={IconLock} title="You are an editor of no team" heading="h1">
        {props.kind.labels} belong to teams, and their editors and owners publish them.
      </EmptyState>
    );
  }
  return <NewAgent user={user} teams={teams} {...props} />;
}

interface NewAgentProps extends NewAgentPageProps {
  user: UserMe;
  teams: UserMe['teams'];
}

/** A component that nobody has but this tab, until it is published. */
function NewAgent({ kind, user, teams, search, onSearch }: NewAgentProps) {
  const template = TEMPLATES[kind.name] ?? '';
  const one = kind.label.toLowerCase();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [sync] = useState(() => {
    const backup = tabBackup(
      user.id,
      kind.name === 'agent' ? 'new' : `new-${kind.name}`,
    );
    const text = backup.read()?.content ?? template;
    const base = { number: 0, digest: '', text: template };
    const start = { text, confirmed: template, etag: null, draftBase: null, base };
    return new DraftSync(start, backup, null);
  });
  const edit = useEdit(sync);
  const byPlace = kind.named === 'path';
  const [placed, setPlaced] = useState(`new-${one}`);
  const lint = useLint(kind, edit.text, byPlace ? kind.file(placed) : null);
  const [publishing, setPublishing] = useState(false);
  const [startingOver, setStartingOver] = useState(false);
  const [choices, setChoices] = useState<NewChoices>(() => ({
    team: (teams.find(({ is_personal }) => is_personal) ?? teams[0])?.slug ?? '',
    visibility: 'private',
  }));
  const written = useMemo(() => nameIn(kind, edit.text), [kind, edit.text]);
  const named = byPlace ? placed : (written ?? lint.result?.name ?? '');
  const name = named || `New ${one}`;

  const create = useMutation({
    mutationFn: (message: string) =>
      createAgent(kind, {
        ...choices,
        ...(byPlace && { name: placed }),
        content: sync.snapshot().text,
        message,
      }),
    meta: { quiet: true },
    onSuccess: async (agent) => {
      sync.finish();
      void queryClient.invalidateQueries({ queryKey: keys.agents });
      void queryClient.invalidateQueries({ queryKey: keys.components });
      await router.navigate({
        to: '/$plural/$team/$name',
        params: placeOf(agent),
      });
      toastPublished({ message: `Published ${agent.name} in ${agent.team.name}` });
    },
  });
  const change = (text: string) => {
    if (create.error) create.reset();
    sync.edit(text);
  };
  const openPublish = () => {
    if (!startingOver) setPublishing(true);
  };
  useEditKeys(() => void sync.flush(), openPublish);
  const taken = isProblem(create.error, 'name-taken') ? create.error.message : null;

  return (
    <div className={classes.page} data-wide>
      <div className={classes.head}>
        <PageHeader
          title={`New ${one}`}
          description={
            <span className={classes.describe}>
              <SaveStatus save={edit.save} />
            </span>
          }
          actions={
            <>
              <EditMenu
                text={edit.text}
                discardLabel="Start over"
                onDiscard={
                  edit.text === template ? undefined : () => setStartingOver(true)
                }
              />
              <Button
                variant="filled"
                onClick={openPublish}
                rightSection={<Kbd>{MOD} ↵</Kbd>}
              >
                Publish
              </Button>
            </>
          }
        />
      </div>
      <Workspace
        text={edit.text}
        onText={change}
        lint={lint}
        label={`Source of the new ${one}`}
        kind={kind}
        fixedName={null}
        nameError={taken}
        search={search}
        onSearch={onSearch}
        onPause={() => {}}
      />
      {publishing && (
        <PublishDialog
          title={`Publish ${name}`}
          text={edit.text}
          lint={lint}
          onText={change}
          base={null}
          onPublish={create.mutate}
          onClose={() => setPublishing(false)}
          busy={create.isPending}
          error={create.error}
        >
          <NewFields
            teams={teams}
            choices={choices}
            onChoices={setChoices}
            name={named}
            onName={
              byPlace
                ? setPlaced
                : written !== undefined
                  ? (value) => change(withName(kind, edit.text, value))
                  : undefined
            }
            error={create.error}
          />
        </PublishDialog>
      )}
      <ConfirmDialog
        opened={startingOver}
        title={`Start over, without ${name}?`}
        confirm="Start over"
        danger
        onConfirm={() => {
          const { text } = sync.snapshot();
          change(template);
          setStartingOver(false);
          toastDone('Started over', () => sync.edit(text));
        }}
        onClose={() => setStartingOver(false)}
      >
        What you typed is replaced by the empty form.
      </ConfirmDialog>
      <LeaveGuard sync={sync} why={`${name} is not published.`} />
    </div>
  );
}
