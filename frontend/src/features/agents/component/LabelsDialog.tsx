import { ActionIcon, Button, Group, NativeSelect } from '@mantine/core';
import { IconArrowBackUp, IconLock, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Label, Published } from '@/api/types';
import { policyQuery } from '@/features/promotions/queries';
import { LabelChip, RelativeTime } from '@/ui/facts';
import { toastDone } from '@/ui/toast';
import { removeLabel, setLabel } from '../changes';
import { Dialog } from '../Dialog';
import { LabelField } from '../LabelField';
import { labelError } from '../labels';
import { labelsQuery } from '../queries';
import { ChangeError } from './ChangeError';
import classes from './dialogs.module.css';
import { authorOf } from './people';
import { useChange } from './use-change';

const PromoteDialog = lazy(() => import('@/features/promotions/PromoteDialog'));
const RollbackDialog = lazy(() => import('@/features/promotions/RollbackDialog'));

interface LabelsDialogProps {
  agent: Published;
  /** The revision that the label is to go to; the newest without it. */
  number?: number;
  onClose: () => void;
}

/** Where the labels of an agent are; set one, move one, take one away. */
export default function LabelsDialog({ agent, number, onClose }: LabelsDialogProps) {
  const [name, setName] = useState('');
  const [to, setTo] = useState(number ?? agent.latest.number);
  const [wrong, setWrong] = useState<string | null>(null);
  const labels = useQuery(labelsQuery(agent.id));
  const { data: policies } = useQuery(policyQuery(agent.team.slug));
  const [next, setNext] = useState<'promote' | Label | null>(null);
  const isProtected = policies?.labels.some(({ label }) => label === name) ?? false;
  const before = agent.labels.find((label) => label.name === name)?.number;
  const move = useChange(
    (label: string) => setLabel(agent, label, to),
    (_, label) => {
      toastDone(`${label} is on revision ${to} of ${agent.name}`);
      onClose();
    },
  );
  const remove = useChange(
    (label: string) => removeLabel(agent, label),
    (_, label) => toastDone(`Took ${label} away from ${agent.name}`),
  );
  if (next === 'promote') {
    return (
      <Suspense>
        <PromoteDialog component={agent} label={name} number={to} onClose={onClose} />
      </Suspense>
    );
  }
  if (next) {
    return (
      <Suspense>
        <RollbackDialog
          component={agent}
          label={next.name}
          isProtected={next.protected}
          onClose={onClose}
        />
      </Suspense>
    );
  }
  const numbers = Array.from({ length: agent.latest.number }, (_, i) => `${i + 1}`);
  return (
    <Dialog onClose={onClose} title={`Labels of ${agent.name}`}>
      <ul className={classes.labels}>
        {labels.data?.items.map((label) => (
          <li key={label.name}>
            <LabelChip name={label.name} number={label.number} />
            <span className={classes.moved}>
              {label.name === 'latest' ? (
                'moves by itself'
              ) : (
                <>
                  {authorOf(label.moved_by)}, <RelativeTime at={label.moved_at} />
                </>
              )}
            </span>
            {label.protected && (
              <IconLock
                size={14}
                stroke={1.8}
                role="img"
                aria-label="Protected: it moves through a review"
              />
            )}
            {label.name !== 'latest' && (
              <ActionIcon
                size="sm"
                aria-label={`Roll ${label.name} back`}
                title={`Roll ${label.name} back`}
                onClick={() => setNext(label)}
              >
                <IconArrowBackUp size={14} stroke={1.8} />
              </ActionIcon>
            )}
            {label.name !== 'latest' && !label.protected && (
              <ActionIcon
                size="sm"
                aria-label={`Take ${label.name} away`}
                title={`Take ${label.name} away`}
                loading={remove.isPending && remove.variables === label.name}
                onClick={() => remove.mutate(label.name)}
              >
                <IconX size={14} stroke={1.8} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const error = labelError(name);
          setWrong(error);
          if (error) return;
          if (isProtected) setNext('promote');
          else move.mutate(name);
        }}
      >
        <div className={classes.pair}>
          <LabelField
            value={name}
            onChange={(value) => {
              setName(value);
              setWrong(null);
            }}
            error={wrong}
          />
          <NativeSelect
            size="sm"
            label="Revision"
            value={String(to)}
            onChange={({ currentTarget }) => setTo(Number(currentTarget.value))}
            data={numbers.reverse()}
          />
        </div>
        <ChangeError error={move.error ?? remove.error} agent={agent} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            variant="filled"
            loading={move.isPending}
            disabled={before === to}
          >
            {isProtected
              ? 'Promote…'
              : before === undefined || before === to
                ? 'Set label'
                : `Move from ${before} to ${to}`}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
