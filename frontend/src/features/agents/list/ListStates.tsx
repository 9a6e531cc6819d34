import { Button } from '@mantine/core';
import { IconSearchOff, IconTrashOff } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, unwrap } from '@/api/client';
import { instanceQuery } from '@/api/queries';
import type { Kind } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { ButtonLink } from '@/ui/links';
import type { AgentSearch } from '../search';
import { isFiltered } from '../search';

interface NothingProps {
  kind: Kind;
  search: AgentSearch;
  onClear: () => void;
  onLeaveDeleted: () => void;
}

/** An empty list says why it is empty, and what to do about that. */
export default function Nothing(props: NothingProps) {
  const { kind, search, onClear, onLeaveDeleted } = props;
  const one = kind.label.toLowerCase();
  const several = kind.labels.toLowerCase();
  if (isFiltered(search)) {
    return (
      <EmptyState
        icon={IconSearchOff}
        title="Nothing found"
        action={<Button onClick={onClear}>Clear search and filters</Button>}
      >
        {search.q ? (
          <>
            No {search.deleted && 'deleted '}
            {one} that you may see matches “{search.q.trim()}”
            {Object.keys(search).length > 1 && ' with these filters'}.
          </>
        ) : (
          `No ${one} that you may see passes all of these filters.`
        )}
      </EmptyState>
    );
  }
  if (search.deleted) {
    return (
      <EmptyState
        icon={IconTrashOff}
        title="Nothing deleted"
        action={<Button onClick={onLeaveDeleted}>Show the {several}</Button>}
      >
        Deleted {several} of the teams that you own are kept here, to be restored.
      </EmptyState>
    );
  }
  return <None kind={kind} />;
}

function None({ kind }: { kind: Kind }) {
  const user = useUser();
  const navigate = useNavigate();
  const { data: instance } = useQuery(instanceQuery);
  const team = user?.teams.find(({ is_personal }) => is_personal) ?? user?.teams[0];
  const samples = useMutation({
    mutationFn: (slug: string) =>
      unwrap(api.POST('/api/v1/imports/samples', { body: { team: slug } })),
    onSuccess: ({ id }) => navigate({ href: `/imports/${id}` }),
  });
  return (
    <EmptyState
      icon={kind.icon}
      title={`No ${kind.labels.toLowerCase()} yet`}
      action={
        <>
          <ButtonLink to={'/imports/new' as string} variant="filled">
            Import files
          </ButtonLink>
          {kind.name === 'agent' && instance?.samples_available && team && (
            <Button
              loading={samples.isPending}
              onClick={() => samples.mutate(team.slug)}
            >
              Try with samples
            </Button>
          )}
          <ButtonLink to="/$plural/new" params={{ plural: kind.plural }}>
            Create by hand
          </ButtonLink>
        </>
      }
    >
      {kind.about} Drop the files that you have, as they are; nothing is kept before you
      have seen what is wrong with each.
    </EmptyState>
  );
}
