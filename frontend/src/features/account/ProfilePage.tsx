import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { updateUser } from '@/api/session';
import type { UserMe } from '@/api/types';
import { emailFault } from '@/features/auth/email';
import { applyProblem } from '@/lib/form-errors';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { AddressState } from './AddressState';
import classes from './account.module.css';
import { Section } from './Section';

export function ProfilePage() {
  const user = useUser();
  return (
    user && (
      <>
        <DisplayName user={user} />
        <Address user={user} />
      </>
    )
  );
}

type Change = { display_name: string } | { email: string; current_password: string };

/** Saves one part of the profile; what the form cannot show is returned. */
function useSave(
  form: Parameters<typeof applyProblem>[0],
  onSaved: (user: UserMe) => void,
) {
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const save = useMutation({
    mutationFn: (body: Change) => unwrap(api.PATCH('/api/v1/users/me', { body })),
    meta: { quiet: true },
    onMutate: () => setUnplaced(null),
    onSuccess: (saved) => {
      updateUser(saved);
      onSaved(saved);
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return { save, unplaced };
}

function DisplayName({ user }: { user: UserMe }) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { display_name: user.display_name ?? '' },
  });
  const { save, unplaced } = useSave(form, () => toastDone('Name saved'));
  return (
    <Section title="Name" about="Shown beside what you publish.">
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(({ display_name }) =>
          save.mutate({ display_name: display_name.trim() }),
        )}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Display name"
          autoComplete="name"
          {...form.getInputProps('display_name')}
          key={form.key('display_name')}
        />
        <div>
          <Button type="submit" loading={save.isPending}>
            Save name
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Address({ user }: { user: UserMe }) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: user.pending_email ?? user.email, current_password: '' },
    validate: {
      email: emailFault,
      current_password: (value) => (value ? null : 'Enter your password'),
    },
  });
  const { save, unplaced } = useSave(form, (saved) => {
    form.setFieldValue('current_password', '');
    toastDone(
      saved.pending_email
        ? `Look for a mail at ${saved.pending_email}`
        : 'Address saved',
    );
  });
  return (
    <Section
      title="E-mail"
      about="For signing in, and for news about your account. A new address counts when the link that is mailed to it was opened."
    >
      <AddressState user={user} />
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(({ email, current_password }) =>
          save.mutate({ email: email.trim(), current_password }),
        )}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Address"
          type="email"
          autoComplete="email"
          {...form.getInputProps('email')}
          key={form.key('email')}
        />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          aria-invalid={form.errors.current_password !== undefined}
          visibilityToggleButtonProps={{ 'aria-label': 'Show current password' }}
          {...form.getInputProps('current_password')}
          key={form.key('current_password')}
        />
        <div>
          <Button type="submit" loading={save.isPending}>
            Save address
          </Button>
        </div>
      </form>
    </Section>
  );
}
