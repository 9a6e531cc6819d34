import { Checkbox, NativeSelect, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type UseMutationResult, useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { instanceQuery } from '@/api/queries';
import { defaultExpiry, expiryChoices } from '@/features/account/tokens/expiry';
import { scopeWords } from '@/features/account/tokens/scopes';
import { oneTeam, TeamFields } from '@/features/account/tokens/TeamFields';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { SubmitButton } from '../SubmitButton';
import type { DeviceApproval, DeviceRequest } from './api';
import own from './device.module.css';

interface RightsFormProps {
  device: DeviceRequest;
  approve: UseMutationResult<unknown, Error, DeviceApproval>;
  /** Beside the button that allows. */
  children: ReactNode;
}

/** What the device gets, of what it asks for: where, and for how long. */
export function RightsForm({ device, approve, children }: RightsFormProps) {
  const { data: instance } = useSuspenseQuery(instanceQuery);
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      scopes: device.grantable as string[],
      reach: 'all',
      teams: [] as string[],
      expires_in_days: defaultExpiry(instance.token_max_days),
    },
    validate: {
      scopes: (value) => (value.length > 0 ? null : 'Choose one at least, or refuse'),
      teams: oneTeam,
    },
  });
  const send = form.onSubmit(({ scopes, reach, teams, expires_in_days: days }) => {
    setUnplaced(null);
    approve.mutate(
      {
        scopes: scopes as DeviceApproval['scopes'],
        teams: reach === 'all' ? null : teams,
        expires_in_days: days ? Number(days) : null,
      },
      {
        onError: (error) => {
          if (!applyProblem(form, error)) setUnplaced(error);
        },
      },
    );
  });
  return (
    <form className={own.form} noValidate onSubmit={send}>
      <Checkbox.Group label="What it may do" {...form.getInputProps('scopes')}>
        <Stack gap="xs" mt={6}>
          {device.scopes.map((scope) => {
            const mine = device.grantable.includes(scope);
            const { label, description } = scopeWords[scope];
            return (
              <Checkbox
                key={scope}
                size="sm"
                value={scope}
                label={label}
                disabled={!mine}
                description={mine ? description : 'You may not do this yourself.'}
              />
            );
          })}
        </Stack>
      </Checkbox.Group>
      <TeamFields form={form} />
      <NativeSelect
        label="Works for"
        description="You can end it earlier, under API tokens."
        data={expiryChoices(instance.token_max_days)}
        {...form.getInputProps('expires_in_days')}
      />
      <FormError error={unplaced} />
      <div className={own.ways}>
        <SubmitButton error={approve.error} busy={approve.isPending}>
          Allow
        </SubmitButton>
        {children}
      </div>
    </form>
  );
}
