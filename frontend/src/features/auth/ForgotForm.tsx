import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import classes from './auth.module.css';
import { emailFault } from './email';
import { SubmitButton } from './SubmitButton';

/** Asks for a mail with a link; what comes back is the same for every address. */
export function ForgotForm({ onSent }: { onSent: (email: string) => void }) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: emailFault },
  });
  const ask = useMutation({
    mutationFn: (email: string) =>
      unwrap(api.POST('/api/v1/auth/password-reset', { body: { email } })),
    meta: { quiet: true },
    onSuccess: (_, email) => onSent(email),
    onError: (error) => applyProblem(form, error),
  });
  const placed = form.errors.email !== undefined;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={form.onSubmit(({ email }) => ask.mutate(email.trim()))}
    >
      {!placed && <FormError error={ask.error} />}
      <TextInput
        label="E-mail"
        description="The address of your account."
        type="email"
        autoComplete="email"
        autoFocus
        {...form.getInputProps('email')}
        key={form.key('email')}
      />
      <SubmitButton error={ask.error} busy={ask.isPending}>
        Send the mail
      </SubmitButton>
    </form>
  );
}
