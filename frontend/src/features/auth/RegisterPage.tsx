import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { instanceQuery } from '@/api/queries';
import { sessionState } from '@/api/session';
import { dropInvitation, keptInvitation } from '@/lib/invitation';
import { AnchorLink, ButtonLink } from '@/ui/links';
import { AuthCard } from './AuthCard';
import classes from './auth.module.css';
import { RegisterForm } from './RegisterForm';

/** A new account is in no team but its own and the one that it was invited to. */
function joined(): string {
  const team = sessionState().user?.teams.find(({ is_personal }) => !is_personal);
  return team ? `/teams/${team.slug}` : '/';
}

interface RegisterPageProps {
  next: string | undefined;
  /** The account is there and signed in: with where to go on. */
  onDone: (address: string) => void;
}

export function RegisterPage({ next, onDone }: RegisterPageProps) {
  const { data: instance } = useSuspenseQuery(instanceQuery);
  const [invitation, setInvitation] = useState(keptInvitation);
  const [mailed, setMailed] = useState<string | null>(null);
  const foot = (
    <>
      Already have one?{' '}
      <AnchorLink underline="always" to="/sign-in" search={next ? { next } : {}}>
        Sign in
      </AnchorLink>
    </>
  );
  if (mailed !== null) {
    return (
      <AuthCard title="Look at your mail">
        <p className={classes.text}>
          We sent you a mail at <strong>{mailed}</strong>. Open the link in it, and your
          account is there. Nothing came? Look into the folder for unwanted mail, or
          begin again with the right address.
        </p>
        <div className={classes.ways}>
          <ButtonLink to="/sign-in">Back to sign in</ButtonLink>
        </div>
      </AuthCard>
    );
  }
  if (instance.registration === 'closed') {
    return (
      <AuthCard
        title="Registration is closed"
        lead="Ask the administrator of this instance for an account."
        foot={foot}
      >
        {null}
      </AuthCard>
    );
  }
  if (instance.registration === 'invitation' && !invitation) {
    return (
      <AuthCard
        title="You need an invitation"
        lead="Accounts are made by invitation here. Open the link that you were sent, or ask the administrator of this instance for one."
        foot={foot}
      >
        {null}
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="Make an account"
      lead={invitation ? 'to accept your invitation' : `on ${instance.name}`}
      foot={foot}
    >
      <RegisterForm
        submit="Make account"
        invitation={invitation}
        onInvitationGone={() => {
          dropInvitation();
          setInvitation(null);
        }}
        onDone={() => {
          dropInvitation();
          onDone(invitation ? joined() : (next ?? '/'));
        }}
        onMailed={(email) => {
          dropInvitation();
          setMailed(email);
        }}
      />
    </AuthCard>
  );
}
