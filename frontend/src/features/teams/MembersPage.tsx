import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useUser } from '@/lib/use-session';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { AddMember } from './AddMember';
import { MemberRow } from './MemberRow';
import { membersQuery, teamQuery } from './queries';
import classes from './teams.module.css';

/** Who is in a team, and as what. */
export function MembersPage({ slug }: { slug: string }) {
  const { data: team } = useQuery(teamQuery(slug));
  const members = useInfiniteQuery(membersQuery(slug));
  const me = useUser();
  if (!team) return null;
  if (members.isPending) return <RowsSkeleton rows={5} />;
  if (!members.data) {
    return <ErrorState error={members.error} onRetry={() => void members.refetch()} />;
  }
  const told = team.role === 'owner' || (me?.is_admin ?? false);
  const items = members.data.pages.flatMap((page) => page.items);
  const owners = items.filter(({ role, is_active }) => role === 'owner' && is_active);
  const last = owners.length === 1 && !members.hasNextPage ? owners[0] : undefined;
  return (
    <>
      {team.role === 'owner' && <AddMember team={team} />}
      <table className={classes.table} aria-label={`Members of ${team.name}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            {told && (
              <th scope="col" className={classes.wideOnly}>
                Second factor
              </th>
            )}
            <th scope="col" className={classes.wideOnly}>
              Since
            </th>
            <td className={classes.actionCell} />
          </tr>
        </thead>
        <tbody>
          {items.map((member) => (
            <MemberRow
              key={member.user.id}
              team={team}
              member={member}
              last={member === last}
              told={told}
              self={member.user.id === me?.id}
            />
          ))}
        </tbody>
      </table>
      {members.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void members.fetchNextPage()}
          loading={members.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </>
  );
}
