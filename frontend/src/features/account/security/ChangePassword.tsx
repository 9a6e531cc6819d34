import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { PasswordField } from '@/features/auth/PasswordField';
import { passwordFault } from '@/features/auth/password-strength';
import { applyProblem } from '@/lib/form-errors';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import classes from '../account.module.css';
import { changePassword } from '../changes';
import { accountKeys } from '../queries';

const empty = { current_password: '', new_password: '' };

/** The form alone: its code comes after the page. */
export default function ChangePassword() {
  const user = useUser();
  const client = useQueryClient();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const [typed, setTyped] = useState('');
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: empty,
    validate: {
      current_password: (value) => (value ? null : 'Enter the password that you have'),
      new_password: passwordFault,
    },
    onValuesChange: (values) => setTyped(values.new_password),
  });
  const change = useMutation({
    mutationFn: changePassword,
    meta: { quiet: true },
    onMutate: () => setUnplaced(null),
    onSuccess: async () => {
      form.reset();
      toastDone('Password changed; you are signed out everywhere else');
      await client.invalidateQueries({ queryKey: accountKeys.sessions });
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={form.onSubmit((values) => change.mutate(values))}
    >
      <FormError error={unplaced} />
      {/* For password managers: whose password it is. */}
      <input
        type="text"
        name="username"
        autoComplete="username"
        value={user?.username ?? ''}
        readOnly
        hidden
      />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        aria-invalid={form.errors.current_password !== undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show current password' }}
        {...form.getInputProps('current_password')}
        key={form.key('current_password')}
      />
      <PasswordField
        label="New password"
        typed={typed}
        invalid={form.errors.new_password !== undefined}
        {...form.getInputProps('new_password')}
        key={form.key('new_password')}
      />
      <div>
        <Button type="submit" variant="filled" loading={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}
