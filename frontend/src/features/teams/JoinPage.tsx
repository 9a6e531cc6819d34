import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isProblem } from '@/api/problem';
import { instanceQuery } from '@/api/queries';
import type { InvitationDetails, UserMe } from '@/api/types';
import { AuthCard } from '@/features/auth/AuthCard';
import { dropInvitation } from '@/lib/invitation';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { Fact, FactList, RelativeTime } from '@/ui/facts';
import { ButtonLink } from '@/ui/links';
import { toastDone } from '@/ui/toast';
import { acceptInvitation, refreshTeams } from './changes';
import classes from './join.module.css';
import { invitationQuery } from './queries';
import { isHigher, roles } from './words';

/** Where an invitation's link leads: who invites to what, and taking it up. */
export function JoinPage({ token }: { token: string | null }) {
  const user = useUser();
  if (token) return <Inspected token={token} />;
  // Taken up with the account that was just made.
  return user ? <Navigate to="/teams" replace /> : <Nothing />;
}

function Inspected({ token }: { token: string }) {
  const invitation = useQuery(invitationQuery(token));
  if (invitation.isPending) {
    return (
      <AuthCard title="Invitation">
        <div role="status" aria-label="Loading" className={classes.body}>
          <Skeleton height={12} width="70%" />
          <Skeleton height={12} width="50%" />
          <Skeleton height={36} />
        </div>
      </AuthCard>
    );
  }
  if (invitation.data) return <Offered token={token} invitation={invitation.data} />;
  if (isProblem(invitation.error, 'not-found')) return <Nothing />;
  return (
    <AuthCard title="Invitation">
      <div className={classes.body}>
        <FormError error={invitation.error} />
        <Button onClick={() => void invitation.refetch()}>Try again</Button>
      </div>
    </AuthCard>
  );
}

function Nothing() {
  const user = useUser();
  return (
    <AuthCard title="This invitation leads nowhere">
      <div className={classes.body}>
        <p>
          It may have been used, revoked, or be too old. Open its link once more, or ask
          whoever invited you for a new one.
        </p>
        {user ? (
          <ButtonLink to="/teams">Go to your teams</ButtonLink>
        ) : (
          <ButtonLink to="/sign-in">Sign in</ButtonLink>
        )}
      </div>
    </AuthCard>
  );
}

interface OfferedProps {
  token: string;
  invitation: InvitationDetails;
}

function Offered({ token, invitation }: OfferedProps) {
  const user = useUser();
  const { data: instance } = useQuery(instanceQuery);
  const { team, invited_by, role, email, expires_at } = invitation;
  const place = team?.name ?? instance?.name ?? 'Roster';
  const inviter = invited_by?.display_name || invited_by?.username;
  return (
    <AuthCard
      title={`Join ${place}`}
      lead={inviter ? `${inviter} invites you.` : 'You are invited.'}
    >
      <div className={classes.body}>
        <FactList>
          {team && (
            <Fact label={`As ${roles[role].word.toLowerCase()}`}>
              {team.name}: a member who {roles[role].may}.
            </Fact>
          )}
          {email && <Fact label="Mailed to">{email}</Fact>}
          <Fact label="Expires">
            <RelativeTime at={expires_at} />
          </Fact>
        </FactList>
        {user ? (
          <Accept token={token} invitation={invitation} user={user} />
        ) : (
          <SignInFirst>
            <ButtonLink to="/register" search={{ next: '/join' }} variant="filled">
              Make an account
            </ButtonLink>
            <ButtonLink to="/sign-in" search={{ next: '/join' }}>
              Sign in
            </ButtonLink>
          </SignInFirst>
        )}
      </div>
    </AuthCard>
  );
}

function SignInFirst({ children }: { children: ReactNode }) {
  return (
    <>
      <p>It needs an account here. You come back to this page.</p>
      <div className={classes.ways}>{children}</div>
    </>
  );
}

function Accept({ token, invitation, user }: OfferedProps & { user: UserMe }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { team, email } = invitation;
  const member = user.teams.find(({ id }) => id === team?.id);
  const accept = useMutation({
    mutationFn: () => acceptInvitation(token),
    meta: { quiet: true },
    onSuccess: async (joined) => {
      dropInvitation();
      await refreshTeams(client);
      await navigate({ to: '/teams/$team', params: { team: joined.slug } });
      toastDone(`You are in ${joined.name} now`);
    },
  });
  if (!team) {
    return (
      <>
        <p>You have an account already: there is nothing left to do.</p>
        <ButtonLink to="/">Go to the app</ButtonLink>
      </>
    );
  }
  if (email && email.toLowerCase() !== user.email.toLowerCase()) {
    return (
      <p>
        You are signed in as <strong>{user.email}</strong>. Sign out, and come back with
        the account that has the address above; or ask for an invitation by link.
      </p>
    );
  }
  if (member && !isHigher(invitation.role, member.role)) {
    return (
      <>
        <p>You are in this team already: {roles[member.role].word.toLowerCase()}.</p>
        <ButtonLink to="/teams/$team" params={{ team: member.slug }}>
          Go to the team
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <p>
        You are signed in as <strong>{user.display_name || user.username}</strong>
        {member &&
          `, and in this team already: ${roles[member.role].word.toLowerCase()}`}
        .
      </p>
      <FormError error={accept.error} />
      <Button
        size="md"
        variant="filled"
        loading={accept.isPending}
        onClick={() => accept.mutate()}
      >
        Accept invitation
      </Button>
    </>
  );
}
