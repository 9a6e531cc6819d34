import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isProblem } from '@/api/problem';
import { applyProblem } from '@/lib/form-errors';
import { useCountdown } from '@/lib/use-countdown';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { useSignIn } from './use-sign-in';

export function SignInForm({ onDone }: { onDone: () => void }) {
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
  const wait = useCountdown(isProblem(error) ? error.retryAfter : null, error);
  const wrong = isProblem(error, 'wrong-credentials');

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={form.onSubmit((values) =>
        signIn.mutate(
          { ...values, username: values.username.trim() },
          {
            onSuccess: onDone,
            onError: (failure) => {
              applyProblem(form, failure);
              if (isProblem(failure, 'wrong-credentials')) {
                form.setFieldError('password', 'Name or password is wrong');
              }
            },
          },
        ),
      )}
    >
      {!wrong && <FormError error={error} />}
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
      <Button
        type="submit"
        size="md"
        variant="filled"
        loading={signIn.isPending}
        disabled={wait > 0}
      >
        {wait > 0 ? `Try again in ${wait} s` : 'Sign in'}
      </Button>
    </form>
  );
}
