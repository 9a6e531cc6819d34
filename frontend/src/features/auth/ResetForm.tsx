import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { forget } from '@/api/session';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { PasswordField } from './PasswordField';
import { passwordFault } from './password-strength';
import { SubmitButton } from './SubmitButton';

interface ResetFormProps {
  /** Out of the mail. */
  token: string;
  onDone: () => void;
}

export function ResetForm({ token, onDone }: ResetFormProps) {
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const [typed, setTyped] = useState('');
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { new_password: '' },
    validate: { new_password: passwordFault },
    onValuesChange: (values) => setTyped(values.new_password),
  });
  const reset = useMutation({
    mutationFn: (new_password: string) =>
      unwrap(
        api.POST('/api/v1/auth/password-reset/confirm', {
          body: { token, new_password },
        }),
      ),
    meta: { quiet: true },
    onSuccess: () => {
      // Every session of the account ended, one of this browser too.
      forget(true);
      onDone();
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={form.onSubmit(({ new_password }) => {
        setUnplaced(null);
        reset.mutate(new_password);
      })}
    >
      <FormError error={unplaced} />
      <PasswordField
        label="New password"
        typed={typed}
        invalid={form.errors.new_password !== undefined}
        autoFocus
        {...form.getInputProps('new_password')}
        key={form.key('new_password')}
      />
      <SubmitButton error={reset.error} busy={reset.isPending}>
        Set password
      </SubmitButton>
    </form>
  );
}
