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
  const owner = team.role === 'owner';
  const items = members.data.pages.flatMap((page) => page.items);
  return (
    <>
      {owner && <AddMember team={team} />}
      <table className={classes.table} aria-label={`Members of ${team.name}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            {owner && (
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
              owners={items.filter(({ role }) => role === 'owner').length}
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
