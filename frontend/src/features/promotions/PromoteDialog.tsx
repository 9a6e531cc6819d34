import { Button, Group, NativeSelect, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Published } from '@/api/types';
import { ChangeError } from '@/features/agents/component/ChangeError';
import { useChange } from '@/features/agents/component/use-change';
import { Dialog } from '@/features/agents/Dialog';
import { LabelField } from '@/features/agents/LabelField';
import { labelError } from '@/features/agents/labels';
import { toastDone } from '@/ui/toast';
import { openPromotion } from './changes';
import classes from './promotion.module.css';
import { policyQuery } from './queries';
import { policyText } from './words';

interface PromoteDialogProps {
  component: Published;
  label?: string;
  /** The revision that the label is to go to; the newest without it. */
  number?: number;
  onClose: () => void;
}

/** Asks the team to move a label, which it may protect. */
export default function PromoteDialog(props: PromoteDialogProps) {
  const { component, onClose } = props;
  const newest = component.latest.number;
  const [chosen, setLabel] = useState(props.label);
  const [number, setNumber] = useState(props.number ?? newest);
  const [message, setMessage] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const navigate = useNavigate();
  const { data: policies } = useQuery(policyQuery(component.team.slug));
  // The one that the team protects, where it is only one.
  const label = chosen ?? policies?.labels[0]?.label ?? '';
  const policy = policies?.labels.find((one) => one.label === label);
  const change = useChange(
    () => openPromotion(component, { label, number, message: message.trim() }),
    ({ id }) => {
      onClose();
      toastDone(`Asked for ${label} to be moved`);
      void navigate({ to: '/reviews/$id', params: { id } });
    },
  );
  const numbers = Array.from({ length: newest }, (_, index) => `${newest - index}`);
  return (
    <Dialog onClose={onClose} title={`Promote a revision of ${component.name}`}>
      <form
        className={classes.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          const error = labelError(label);
          setWrong(error);
          if (!error) change.mutate(undefined);
        }}
      >
        <div className={classes.labelAndNumber}>
          <LabelField
            value={label}
            onChange={(value) => {
              setLabel(value);
              setWrong(null);
            }}
            error={wrong}
          />
          <NativeSelect
            size="sm"
            label="Revision"
            value={String(number)}
            onChange={({ currentTarget }) => setNumber(Number(currentTarget.value))}
            data={numbers}
          />
        </div>
        <p>
          {policy
            ? policyText(policy)
            : 'The team does not protect this label: it can be moved at once, too.'}
        </p>
        <Textarea
          label="Why"
          description="Markdown, for those who decide."
          rows={3}
          maxLength={2000}
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
        />
        <ChangeError error={change.error} agent={component} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={change.isPending}>
            Open review
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
