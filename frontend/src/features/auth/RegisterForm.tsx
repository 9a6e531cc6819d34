import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import { applyProblem } from '@/lib/form-errors';
import { useCountdown } from '@/lib/use-countdown';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { PasswordMeter } from './PasswordMeter';
import { MAX_PASSWORD, MIN_PASSWORD } from './password-strength';
import { useRegister } from './use-sign-in';

const USERNAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const validate = {
  setup_code: (value: string, values: { needsCode: boolean }) =>
    values.needsCode && !value.trim() ? 'Enter the code that the terminal shows' : null,
  username: (value: string) => {
    if (!value) return 'Choose a name';
    if (value.length > 40) return 'Use 40 characters or fewer';
    return USERNAME.test(value)
      ? null
      : 'Use lower-case letters, digits and single hyphens';
  },
  email: (value: string) =>
    /^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Enter an e-mail address',
  password: (value: string) => {
    const length = [...value].length;
    if (length < MIN_PASSWORD) return `Use ${MIN_PASSWORD} characters or more`;
    return length > MAX_PASSWORD ? `Use ${MAX_PASSWORD} characters or fewer` : null;
  },
};

interface RegisterFormProps {
  /** The first account of an instance needs the code that the terminal printed. */
  needsCode?: boolean;
  submit: string;
  onDone: () => void;
}

export function RegisterForm({ needsCode = false, submit, onDone }: RegisterFormProps) {
  const register = useRegister();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const [password, setPassword] = useState('');
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      needsCode,
      setup_code: '',
      username: '',
      email: '',
      password: '',
    },
    validate,
    onValuesChange: (values) => setPassword(values.password),
  });
  const { error } = register;
  const wait = useCountdown(isProblem(error) ? error.retryAfter : null, error);

  const send = form.onSubmit(({ setup_code, username, email, password: secret }) => {
    setUnplaced(null);
    register.mutate(
      {
        username,
        email: email.trim(),
        password: secret,
        display_name: '',
        ...(needsCode ? { setup_code: setup_code.trim() } : {}),
      },
      {
        onSuccess: onDone,
        onError: (failure) => {
          if (!applyProblem(form, failure)) setUnplaced(failure);
        },
      },
    );
  });

  return (
    <form className={classes.form} noValidate onSubmit={send}>
      <FormError error={unplaced} />
      {needsCode && (
        <TextInput
          label="Setup code"
          description="Printed by the terminal that started Roster."
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          classNames={{ input: classes.code ?? '' }}
          {...form.getInputProps('setup_code')}
          key={form.key('setup_code')}
        />
      )}
      <TextInput
        label="Name"
        description="Also the address of your own team. Lower-case letters, digits, hyphens."
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={!needsCode}
        {...form.getInputProps('username')}
        key={form.key('username')}
      />
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="email"
        {...form.getInputProps('email')}
        key={form.key('email')}
      />
      <div>
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          aria-invalid={form.errors.password !== undefined}
          visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
          {...form.getInputProps('password')}
          key={form.key('password')}
        />
        <PasswordMeter value={password} />
      </div>
      <Button
        type="submit"
        size="md"
        variant="filled"
        loading={register.isPending}
        disabled={wait > 0}
      >
        {wait > 0 ? `Try again in ${wait} s` : submit}
      </Button>
    </form>
  );
}
