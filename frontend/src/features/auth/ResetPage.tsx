import { useState } from 'react';
import { AnchorLink, ButtonLink } from '@/ui/links';
import { AuthCard } from './AuthCard';
import classes from './auth.module.css';
import { ResetForm } from './ResetForm';

interface ResetPageProps {
  token: string | null;
  /** The link was used: it is good for nothing more. */
  onDone: () => void;
}

export function ResetPage({ token, onDone }: ResetPageProps) {
  const [done, setDone] = useState(false);
  if (done) {
    return (
      <AuthCard title="Your password is changed">
        <p className={classes.text}>
          Every browser and client that was signed in to the account is signed out.
        </p>
        <div className={classes.ways}>
          <ButtonLink to="/sign-in" variant="filled" size="md">
            Sign in
          </ButtonLink>
        </div>
      </AuthCard>
    );
  }
  if (!token) {
    return (
      <AuthCard title="Open the link in the mail">
        <p className={classes.text}>
          This page needs the whole link that was mailed to you. Open it once more, or
          ask for another mail.
        </p>
        <div className={classes.ways}>
          <ButtonLink to="/forgot">Ask for another mail</ButtonLink>
        </div>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Choose a new password"
      foot={
        <>
          The link does not work?{' '}
          <AnchorLink underline="always" to="/forgot">
            Ask for another mail
          </AnchorLink>
        </>
      }
    >
      <ResetForm
        token={token}
        onDone={() => {
          setDone(true);
          onDone();
        }}
      />
    </AuthCard>
  );
}
