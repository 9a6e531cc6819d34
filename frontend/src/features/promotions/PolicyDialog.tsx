import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Switch,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { LabelPolicy, Requirement } from '@/api/types';
import { Dialog } from '@/features/agents/Dialog';
import { labelError } from '@/features/agents/labels';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { protect } from './changes';
import classes from './policy.module.css';
import { promotionKeys } from './queries';
import { checkWords, REQUIREMENTS } from './words';

interface PolicyDialogProps {
  team: string;
  /** Null: a label that is not protected yet. */
  policy: LabelPolicy | null;
  onClose: () => void;
}

const APPROVALS = ['0', '1', '2', '3', '4', '5'];

export default function PolicyDialog({ team, policy, onClose }: PolicyDialogProps) {
  const client = useQueryClient();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      label: policy?.label ?? 'production',
      who_may_move: policy?.who_may_move === 'owner' ? 'owner' : 'editor',
      approvals: String(policy?.approvals ?? 1),
      checks: policy?.checks ?? (['no_errors'] as Requirement[]),
      frozen: policy?.frozen ?? false,
      freeze_reason: policy?.freeze_reason ?? '',
    },
    validate: { label: labelError },
  });
  const save = useMutation({
    mutationFn: ({ label, ...values }: typeof form.values) =>
      protect(
        team,
        label,
        {
          ...values,
          who_may_move: values.who_may_move === 'owner' ? 'owner' : 'editor',
          approvals: Number(values.approvals),
          freeze_reason: values.freeze_reason.trim() || null,
        },
        policy,
      ),
    meta: { quiet: true },
    onSuccess: async (_, { label }) => {
      await client.invalidateQueries({ queryKey: promotionKeys.policy(team) });
      void client.invalidateQueries({ queryKey: promotionKeys.all });
      toastDone(`${label} is protected`);
      onClose();
    },
    onError: (error) => {
      if (isProblem(error, 'stale')) {
        void client.invalidateQueries({ queryKey: promotionKeys.policy(team) });
      }
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <Dialog
      onClose={onClose}
      title={policy ? `How ${policy.label} is protected` : 'Protect a label'}
    >
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit((values) => {
          setUnplaced(null);
          save.mutate(values);
        })}
      >
        {!policy && (
          <TextInput
            label="Label"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: 'mono' }}
            {...form.getInputProps('label')}
          />
        )}
        <NativeSelect
          label="Who moves it"
          data={[
            { value: 'editor', label: 'Editors and owners' },
            { value: 'owner', label: 'Owners alone' },
          ]}
          {...form.getInputProps('who_may_move')}
        />
        <NativeSelect
          label="Approvals"
          description="By members who neither opened the review nor published the revision."
          data={APPROVALS}
          {...form.getInputProps('approvals')}
        />
        <Checkbox.Group {...form.getInputProps('checks')}>
          <fieldset className={classes.checks}>
            <legend>What must be true of the revision</legend>
            {REQUIREMENTS.map((name) => (
              <Checkbox key={name} value={name} label={checkWords[name]} />
            ))}
          </fieldset>
        </Checkbox.Group>
        <Switch
          label="Frozen: it does not move at all"
          {...form.getInputProps('frozen', { type: 'checkbox' })}
        />
        {form.values.frozen && (
          <TextInput
            label="Why it is frozen"
            maxLength={500}
            {...form.getInputProps('freeze_reason')}
          />
        )}
        <FormError error={unplaced} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {policy ? 'Save' : 'Protect'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
