import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import { useUser } from '@/lib/use-session';
import { countedAs } from '../bulk';
import { Dialog } from '../Dialog';
import { LabelField } from '../LabelField';
import { labelError } from '../labels';
import classes from './bulk.module.css';
import { Failures } from './Failures';
import {
  type Agents,
  nameOf,
  useDeleteMany,
  useLabelMany,
  useMoveMany,
} from './use-bulk';

interface BulkDialogProps {
  agents: Agents;
  onClose: () => void;
}

/** The failed ones as they are now: the list was read again meanwhile. */
const again = (agents: Agents, failed: Agents) =>
  failed.map((one) => agents.find(({ id }) => id === one.id) ?? one);

export function DeleteDialog({ agents, onClose }: BulkDialogProps) {
  const [asked] = useState(agents);
  const remove = useDeleteMany();
  const failed = remove.data?.failed.map(({ item }) => item);
  const todo = failed
    ? again(agents, failed)
    : asked.filter(({ permissions }) => permissions.manage);
  const kept = asked.length - asked.filter((one) => one.permissions.manage).length;
  const start = () =>
    remove.mutate(
      { agents: todo, value: undefined },
      { onSuccess: (outcome) => outcome.failed.length === 0 && onClose() },
    );
  return (
    <Dialog onClose={onClose} title={`Delete ${nameOf(todo)}?`}>
      {todo.length > 0 && !remove.data && (
        <>
          <ul className={classes.names}>
            {todo.slice(0, 8).map((agent) => (
              <li key={agent.id}>
                <span className="muted">{agent.team.slug}/</span>
                {agent.name}
              </li>
            ))}
            {todo.length > 8 && <li className="muted">and {todo.length - 8} more</li>}
          </ul>
          <p className={classes.text}>
            They leave every list at once. Their revisions are kept, their names stay
            taken, and an owner of the team can restore them.
          </p>
        </>
      )}
      {kept > 0 && !remove.data && (
        <p className={classes.text}>
          {todo.length === 0
            ? 'Only owners of a team delete what it has, and you own none of these teams.'
            : `${countedAs(asked, kept)} of teams that you do not own ${kept === 1 ? 'is' : 'are'} left alone.`}
        </p>
      )}
      {remove.data && <Failures outcome={remove.data} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button onClick={onClose} data-autofocus>
          {remove.data ? 'Close' : 'Cancel'}
        </Button>
        {todo.length > 0 && (
          <Button
            variant="filled"
            color="red"
            loading={remove.isPending}
            onClick={start}
          >
            {remove.data ? 'Try these again' : `Delete ${countedAs(todo)}`}
          </Button>
        )}
      </Group>
    </Dialog>
  );
}

export function MoveDialog({ agents, onClose }: BulkDialogProps) {
  const [asked] = useState(agents);
  const [team, setTeam] = useState<string | null>(null);
  const move = useMoveMany();
  const teams = useUser()?.teams.filter(({ role }) => role === 'owner') ?? [];
  const failed = move.data?.failed.map(({ item }) => item);
  const todo = failed
    ? again(agents, failed)
    : asked.filter(
        ({ permissions, team: { slug } }) => permissions.manage && slug !== team,
      );
  const kept = asked.filter(({ permissions }) => !permissions.manage).length;
  const start = () => {
    if (!team) return;
    move.mutate(
      { agents: todo, value: team },
      { onSuccess: (outcome) => outcome.failed.length === 0 && onClose() },
    );
  };
  return (
    <Dialog onClose={onClose} title={`Move ${nameOf(asked)} to another team`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Select
          label="Team"
          description="One that you own too. What referred to them leads on."
          data={teams.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={team}
          onChange={setTeam}
          data-autofocus
        />
        {kept > 0 && (
          <p className={classes.text}>
            {`${countedAs(asked, kept)} of teams that you do not own ${kept === 1 ? 'is' : 'are'} left alone.`}
          </p>
        )}
        {move.data && (
          <div className={classes.text}>
            <Failures outcome={move.data} />
          </div>
        )}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={move.isPending}
            disabled={!team || todo.length === 0}
          >
            {move.data?.failed.length ? 'Try these again' : 'Move'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

export function LabelDialog({ agents, onClose }: BulkDialogProps) {
  const [asked] = useState(agents);
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const label = useLabelMany();
  const failed = label.data?.failed.map(({ item }) => item);
  const todo = failed
    ? again(agents, failed)
    : asked.filter(({ permissions }) => permissions.edit);
  const kept = asked.length - asked.filter((one) => one.permissions.edit).length;
  const start = () => {
    const wrong = labelError(name);
    setError(wrong);
    if (wrong) return;
    label.mutate(
      { agents: todo, value: name },
      { onSuccess: (outcome) => outcome.failed.length === 0 && onClose() },
    );
  };
  return (
    <Dialog onClose={onClose} title={`Label ${nameOf(todo)}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <LabelField
          description="Set on the newest revision of each; moved where it is on an older one."
          value={name}
          onChange={(value) => {
            setName(value);
            setError(null);
          }}
          error={error}
        />
        {kept > 0 && (
          <p className={classes.text}>
            {todo.length === 0
              ? 'You may edit none of these.'
              : `${countedAs(asked, kept)} that you may not edit ${kept === 1 ? 'is' : 'are'} left alone.`}
          </p>
        )}
        {label.data && (
          <div className={classes.text}>
            <Failures outcome={label.data} />
          </div>
        )}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={label.isPending}
            disabled={todo.length === 0}
          >
            {label.data?.failed.length ? 'Try these again' : 'Set label'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
