import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { isProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import type { UserMe } from '@/api/types';
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
import { readForm, setField } from './frontmatter';
import { MOD } from './keys';
import { LeaveGuard } from './LeaveGuard';
import { type NewChoices, NewFields, PublishDialog } from './PublishDialog';
import { toastPublished } from './published-toast';
import { SaveStatus } from './SaveStatus';
import { TEMPLATE } from './template';
import { useEdit, useEditKeys } from './use-edit';
import { useLint } from './use-lint';
import type { ViewSearch } from './views';
import { Workspace } from './Workspace';

interface NewAgentPageProps {
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
        Agents belong to teams, and their editors and owners publish them.
      </EmptyState>
    );
  }
  return <NewAgent user={user} teams={teams} {...props} />;
}

interface NewAgentProps extends NewAgentPageProps {
  user: UserMe;
  teams: UserMe['teams'];
}

/** An agent that nobody has but this tab, until it is published. */
function NewAgent({ user, teams, search, onSearch }: NewAgentProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [sync] = useState(() => {
    const backup = tabBackup(user.id, 'new');
    const text = backup.read()?.content ?? TEMPLATE;
    const base = { number: 0, digest: '', text: TEMPLATE };
    const start = { text, confirmed: TEMPLATE, etag: null, draftBase: null, base };
    return new DraftSync(start, backup, null);
  });
  const edit = useEdit(sync);
  const lint = useLint(edit.text, null);
  const [publishing, setPublishing] = useState(false);
  const [startingOver, setStartingOver] = useState(false);
  const [choices, setChoices] = useState<NewChoices>(() => ({
    team: (teams.find(({ is_personal }) => is_personal) ?? teams[0])?.slug ?? '',
    visibility: 'private',
  }));
  const form = useMemo(() => readForm(edit.text), [edit.text]);
  const written = form.state === 'ready' ? form.fields.name : undefined;
  const name = (written ?? lint.result?.name) || 'New agent';

  const create = useMutation({
    mutationFn: (message: string) =>
      createAgent({ ...choices, content: sync.snapshot().text, message }),
    meta: { quiet: true },
    onSuccess: async (agent) => {
      sync.finish();
      void queryClient.invalidateQueries({ queryKey: keys.agents });
      void queryClient.invalidateQueries({ queryKey: keys.components });
      await router.navigate({
        to: '/agents/$team/$name',
        params: { team: agent.team.slug, name: agent.name },
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
          title="New agent"
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
                  edit.text === TEMPLATE ? undefined : () => setStartingOver(true)
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
        label="Source of the new agent"
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
            name={written ?? lint.result?.name ?? ''}
            onName={
              form.state === 'ready'
                ? (value) => change(setField(edit.text, 'name', value))
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
          change(TEMPLATE);
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
