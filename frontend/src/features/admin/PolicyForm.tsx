import { Button, Radio, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/queries';
import type { InstancePolicy } from '@/api/types';
import { Section } from '@/features/teams/Section';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import classes from './admin.module.css';
import { updatePolicy } from './changes';

const registrations: {
  value: InstancePolicy['registration'];
  label: string;
  description: string;
}[] = [
  { value: 'open', label: 'Open', description: 'Everybody can make an account.' },
  {
    value: 'invitation',
    label: 'By invitation',
    description: 'Only who was invited, into a team or into the instance.',
  },
  { value: 'closed', label: 'Closed', description: 'Nobody makes an account.' },
];

const TOKEN_MAX = 3650;
const KEEPING_MAX = 36_500;

/** Empty means no limit. */
const daysOf = (text: string) => (text.trim() ? Number(text) : null);

const limit = (most: number) => (text: string) => {
  const days = daysOf(text);
  if (days === null) return null;
  return Number.isInteger(days) && days >= 1 && days <= most
    ? null
    : `Enter a number of days from 1 to ${most}, or nothing`;
};

const valuesOf = (policy: InstancePolicy) => ({
  registration: policy.registration as string,
  public_read: policy.public_read,
  token_max_days: policy.token_max_days?.toString() ?? '',
  audit_retention_days: policy.audit_retention_days?.toString() ?? '',
  deleted_retention_days: policy.deleted_retention_days?.toString() ?? '',
});

export function PolicyForm({ policy }: { policy: InstancePolicy }) {
  const client = useQueryClient();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: valuesOf(policy),
    validate: {
      token_max_days: limit(TOKEN_MAX),
      audit_retention_days: limit(KEEPING_MAX),
      deleted_retention_days: limit(KEEPING_MAX),
    },
  });
  const save = useMutation({
    mutationFn: updatePolicy,
    meta: { quiet: true },
    onSuccess: async (saved) => {
      const values = valuesOf(saved);
      form.setValues(values);
      form.resetDirty(values);
      await client.invalidateQueries({ queryKey: keys.instance });
      void client.invalidateQueries({ queryKey: keys.audit });
      toastDone('Settings saved');
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  const send = form.onSubmit((values) => {
    setUnplaced(null);
    const registration = registrations.find(
      ({ value }) => value === values.registration,
    );
    if (!registration) return;
    save.mutate({
      registration: registration.value,
      public_read: values.public_read,
      token_max_days: daysOf(values.token_max_days),
      audit_retention_days: daysOf(values.audit_retention_days),
      deleted_retention_days: daysOf(values.deleted_retention_days),
    });
  });
  return (
    <form noValidate onSubmit={send}>
      <Section id="policy-registration" title="Registration">
        <Radio.Group
          aria-labelledby="policy-registration"
          {...form.getInputProps('registration')}
        >
          <Stack gap="sm">
            {registrations.map((choice) => (
              <Radio key={choice.value} size="sm" {...choice} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      <Section id="policy-reading" title="Reading">
        <Switch
          label="People without an account read what is public"
          description="Off: whoever is not signed in sees nothing at all."
          {...form.getInputProps('public_read', { type: 'checkbox' })}
        />
      </Section>
      <Section id="policy-keeping" title="Lifetimes">
        <div className={classes.form}>
          <TextInput
            label="Longest life of an API token"
            description="In days. Empty: it may be unlimited."
            inputMode="numeric"
            className={classes.days ?? ''}
            {...form.getInputProps('token_max_days')}
          />
          <TextInput
            label="How long audit events are kept"
            description="In days. Empty: for ever."
            inputMode="numeric"
            className={classes.days ?? ''}
            {...form.getInputProps('audit_retention_days')}
          />
          <TextInput
            label="How long what was deleted can be restored"
            description="In days. After that its content is gone for good, except what a release has locked. Empty: for ever."
            inputMode="numeric"
            className={classes.days ?? ''}
            {...form.getInputProps('deleted_retention_days')}
          />
          <FormError error={unplaced} />
          <div>
            <Button
              type="submit"
              variant="filled"
              disabled={!form.isDirty()}
              loading={save.isPending}
            >
              Save settings
            </Button>
          </div>
        </div>
      </Section>
    </form>
  );
}
