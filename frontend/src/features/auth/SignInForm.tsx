import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useState } from 'react';
import { isProblem } from '@/api/problem';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { CodeForm } from './CodeForm';
import { SubmitButton } from './SubmitButton';
import { type Credentials, useSignIn } from './use-sign-in';

interface SignInFormProps {
  onDone: () => void;
  /** Below the first step: for those who cannot take it. */
  children?: ReactNode;
}

/** Name and password, then a code where the account has a second factor. */
export function SignInForm({ onDone, children }: SignInFormProps) {
  const [accepted, setAccepted] = useState<Credentials | null>(null);
  return accepted ? (
    <CodeForm credentials={accepted} onDone={onDone} onBack={() => setAccepted(null)} />
  ) : (
    <>
      <PasswordForm onDone={onDone} onAccepted={setAccepted} />
      {children}
    </>
  );
}

interface PasswordFormProps {
  onDone: () => void;
  /** The password is right, and a code is wanted as well. */
  onAccepted: (credentials: Credentials) => void;
}

function PasswordForm({ onDone, onAccepted }: PasswordFormProps) {
  const signIn = useSignIn();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { username: '', password: '' },
    validate: {
      username: (value) => (value.trim() ? null : 'Enter your name or e-mail address'),
      password: (value) => (value ? null : 'Enter your password'),
    },
  });
  const { error } = signIn;
  const placed = isProblem(error, 'wrong-credentials') || needsCode(error);

  const send = form.onSubmit(({ username, password }) => {
    const credentials = { username: username.trim(), password };
    signIn.mutate(credentials, {
      onSuccess: onDone,
      onError: (failure) => {
        if (needsCode(failure)) return onAccepted(credentials);
        applyProblem(form, failure);
        if (isProblem(failure, 'wrong-credentials')) {
          form.setFieldError('password', 'Name or password is wrong');
        }
      },
    });
  });

  return (
    <form className={classes.form} noValidate onSubmit={send}>
      {!placed && <FormError error={error} />}
      <TextInput
        label="Name or e-mail"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        {...form.getInputProps('username')}
        key={form.key('username')}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        aria-invalid={form.errors.password !== undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        {...form.getInputProps('password')}
        key={form.key('password')}
      />
      <SubmitButton error={error} busy={signIn.isPending}>
        Sign in
      </SubmitButton>
    </form>
  );
}

const needsCode = (error: unknown) => isProblem(error, 'second-factor-required');
