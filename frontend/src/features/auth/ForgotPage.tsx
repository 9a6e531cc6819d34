import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { instanceQuery } from '@/api/queries';
import { AnchorLink, ButtonLink } from '@/ui/links';
import { AuthCard } from './AuthCard';
import classes from './auth.module.css';
import { ForgotForm } from './ForgotForm';
import { MailHint } from './MailHint';

export function ForgotPage() {
  const [sent, setSent] = useState<string | null>(null);
  const { data: instance } = useSuspenseQuery(instanceQuery);
  if (sent !== null) {
    return (
      <AuthCard title="Look at your mail">
        <p className={classes.text}>
          If an account has the address <strong>{sent}</strong>, a mail with a link to a
          new password is on its way to it. The link is good for a short while, and
          once.
        </p>
        <MailHint instance={instance} />
        <div className={classes.ways}>
          <ButtonLink to="/sign-in">Back to sign in</ButtonLink>
        </div>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Forgot your password?"
      lead="A mail with a link lets you choose a new one."
      foot={
        <>
          Remembered it?{' '}
          <AnchorLink underline="always" to="/sign-in">
            Sign in
          </AnchorLink>
        </>
      }
    >
      <ForgotForm onSent={setSent} />
    </AuthCard>
  );
}
