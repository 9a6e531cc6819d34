import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { emailFault } from './email';
import { PasswordField } from './PasswordField';
import { passwordFault } from './password-strength';
import { SubmitButton } from './SubmitButton';
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
  email: emailFault,
  password: passwordFault,
};

/** What is wrong with the invitation, which is no field that it could stand at. */
function invitationFault(failure: unknown): Error | null {
  if (!isProblem(failure)) return null;
  const fault = failure.errors.find(({ loc }) => loc === 'invitation');
  return fault ? new Error(fault.message) : null;
}

interface RegisterFormProps {
  /** The first account of an instance needs the code that the terminal printed. */
  needsCode?: boolean;
  /** What the person was invited with. */
  invitation?: string | null;
  /** It was used, revoked or is too old: the next try goes without. */
  onInvitationGone?: () => void;
  submit: string;
  /** The account is there, and signed in. */
  onDone: () => void;
  /** The account comes when the address was proved. */
  onMailed?: (email: string) => void;
}

export function RegisterForm({
  needsCode = false,
  invitation = null,
  onInvitationGone,
  submit,
  onDone,
  onMailed,
}: RegisterFormProps) {
  const register = useRegister();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const [typed, setTyped] = useState('');
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
    onValuesChange: (values) => setTyped(values.password),
  });

  const send = form.onSubmit(({ setup_code, username, email, password }) => {
    setUnplaced(null);
    register.mutate(
      {
        username,
        email: email.trim(),
        password,
        display_name: '',
        ...(needsCode ? { setup_code: setup_code.trim() } : {}),
        ...(invitation ? { invitation } : {}),
      },
      {
        onSuccess: (next) =>
          next === 'verify_email' ? onMailed?.(email.trim()) : onDone(),
        onError: (failure) => {
          const gone = invitationFault(failure);
          if (applyProblem(form, failure)) return;
          setUnplaced(gone ?? failure);
          if (gone) onInvitationGone?.();
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
      <PasswordField
        label="Password"
        typed={typed}
        invalid={form.errors.password !== undefined}
        {...form.getInputProps('password')}
        key={form.key('password')}
      />
      <SubmitButton error={register.error} busy={register.isPending}>
        {submit}
      </SubmitButton>
    </form>
  );
}
