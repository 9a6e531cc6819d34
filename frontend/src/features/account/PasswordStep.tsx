import { Button, Group, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useEffect, useState } from 'react';
import { isProblem } from '@/api/problem';
import { applyProblem } from '@/lib/form-errors';
import { useCountdown } from '@/lib/use-countdown';
import { FormError } from '@/ui/FormError';
import classes from './account.module.css';

interface PasswordStepProps {
  /** What will be, and why the password is asked for. */
  children: ReactNode;
  submit: string;
  danger?: boolean;
  error: unknown;
  busy: boolean;
  onSubmit: (password: string) => void;
  onClose: () => void;
}

/** Asks for the password before something that only its owner may do. */
export function PasswordStep(props: PasswordStepProps) {
  const { error, danger = false } = props;
  const [placed, setPlaced] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: (value) => (value ? null : 'Enter your password') },
  });
  const wait = useCountdown(isProblem(error) ? error.retryAfter : null, error);
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each answer, once
  useEffect(() => setPlaced(applyProblem(form, error)), [error]);
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={form.onSubmit(({ password }) => props.onSubmit(password))}
    >
      <p className={classes.plain}>{props.children}</p>
      {!placed && <FormError error={error} />}
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        data-autofocus
        aria-invalid={form.errors.password !== undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        {...form.getInputProps('password')}
        key={form.key('password')}
      />
      <Group justify="flex-end" gap="xs">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="filled"
          {...(danger ? { color: 'red' } : {})}
          loading={props.busy}
          disabled={wait > 0}
        >
          {wait > 0 ? `Try again in ${wait} s` : props.submit}
        </Button>
      </Group>
    </form>
  );
}
