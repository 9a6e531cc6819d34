import { useQuery } from '@tanstack/react-query';
import type { UserAdmin } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { Fact, FactList, RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './admin.module.css';
import { userQuery } from './queries';
import { UserActions } from './UserActions';
import { Factor } from './UserTable';

/** One account, and what an administrator does with it. */
export function UserPage({ id }: { id: string }) {
  const user = useQuery(userQuery(id));
  if (user.isPending) return <TextSkeleton lines={8} />;
  if (!user.data) {
    return <ErrorState error={user.error} onRetry={() => void user.refetch()} />;
  }
  const { data } = user;
  return (
    <>
      <div className={classes.userHead}>
        <h2>{data.display_name || data.username}</h2>
        <span className="mono muted">{data.username}</span>
        {data.is_admin && <span className={classes.tag}>Administrator</span>}
        {!data.is_active && (
          <span className={classes.tag} data-tone="warning">
            Deactivated
          </span>
        )}
      </div>
      <div className={classes.user}>
        <UserActions user={data} />
        <aside className={classes.facts} aria-label="Facts">
          <Facts user={data} />
        </aside>
      </div>
    </>
  );
}

function Facts({ user }: { user: UserAdmin }) {
  return (
    <FactList>
      <Fact label="E-mail">{user.email}</Fact>
      <Fact label="Second factor">
        <Factor has={user.has_second_factor} />
      </Fact>
      <Fact label="Account made">
        <RelativeTime at={user.created_at} />
      </Fact>
      <Fact label="Last sign-in">
        {user.last_sign_in_at ? <RelativeTime at={user.last_sign_in_at} /> : 'Never'}
      </Fact>
      <Fact label="Teams">
        <span className="tabular">{user.teams}</span>
      </Fact>
      {user.sole_owner_of.length > 0 && (
        <Fact label="Only owner of">
          <TeamLinks teams={user.sole_owner_of} />
        </Fact>
      )}
      <Fact label="What they did">
        <AnchorLink to="/admin/audit" search={{ actor: user.username }}>
          In the audit log
        </AnchorLink>
      </Fact>
    </FactList>
  );
}

export function TeamLinks({ teams }: { teams: UserAdmin['sole_owner_of'] }) {
  return (
    <ul className={classes.links}>
      {teams.map(({ id, slug, name }) => (
        <li key={id}>
          <AnchorLink underline="always" to="/teams/$team" params={{ team: slug }}>
            {name}
          </AnchorLink>
        </li>
      ))}
    </ul>
  );
}
