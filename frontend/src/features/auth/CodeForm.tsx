import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { SubmitButton } from './SubmitButton';
import { type Credentials, useSignIn } from './use-sign-in';

const words = {
  app: {
    label: 'Code',
    description: 'Six digits, from your authenticator app.',
    empty: 'Enter the code that your app shows now',
    wrong: 'This code is wrong or was used: enter the one that shows now',
    other: 'Use a recovery code',
  },
  recovery: {
    label: 'Recovery code',
    description: 'One of those that you kept. Each is good once.',
    empty: 'Enter one of your recovery codes',
    wrong: 'This is no recovery code of yours, or it was used before',
    other: 'Use your authenticator app',
  },
} as const;

interface CodeFormProps {
  credentials: Credentials;
  onDone: () => void;
  onBack: () => void;
}

/** The second step of signing in; takes the focus from the first. */
export function CodeForm({ credentials, onDone, onBack }: CodeFormProps) {
  const signIn = useSignIn();
  const [kind, setKind] = useState<keyof typeof words>('app');
  const { label, description, empty, wrong, other } = words[kind];
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { otp: '' },
    validate: { otp: (value) => (value.trim() ? null : empty) },
  });
  const { error } = signIn;
  const refused = isProblem(error, 'wrong-code');

  const change = () => {
    setKind(kind === 'app' ? 'recovery' : 'app');
    signIn.reset();
    form.reset();
  };
  const send = form.onSubmit(({ otp }) =>
    signIn.mutate(
      { ...credentials, otp: kind === 'app' ? otp.replace(/\s/g, '') : otp.trim() },
      {
        onSuccess: onDone,
        onError: (failure) => {
          applyProblem(form, failure);
          if (isProblem(failure, 'wrong-code')) form.setFieldError('otp', wrong);
        },
      },
    ),
  );

  return (
    <form className={classes.form} noValidate onSubmit={send}>
      <p className={classes.step}>
        Second step for <strong>{credentials.username}</strong>
      </p>
      {!refused && <FormError error={error} />}
      <TextInput
        {...form.getInputProps('otp')}
        key={`${kind}-${form.key('otp')}`}
        label={label}
        description={description}
        autoComplete="one-time-code"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        inputMode={kind === 'app' ? 'numeric' : 'text'}
        maxLength={kind === 'app' ? 12 : 60}
        autoFocus
        classNames={{ input: classes.code ?? '' }}
      />
      <SubmitButton error={error} busy={signIn.isPending}>
        Sign in
      </SubmitButton>
      <div className={classes.ways}>
        <Button size="xs" variant="subtle" color="gray" onClick={change}>
          {other}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}
