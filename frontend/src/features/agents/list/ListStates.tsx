import { Button } from '@mantine/core';
import { IconRobot, IconSearchOff, IconTrashOff } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, unwrap } from '@/api/client';
import { instanceQuery } from '@/api/queries';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { ButtonLink } from '@/ui/links';
import type { AgentSearch } from '../search';
import { isFiltered } from '../search';

interface NothingProps {
  search: AgentSearch;
  onClear: () => void;
  onLeaveDeleted: () => void;
}

/** An empty list says why it is empty, and what to do about that. */
export default function Nothing({ search, onClear, onLeaveDeleted }: NothingProps) {
  if (isFiltered(search)) {
    return (
      <EmptyState
        icon={IconSearchOff}
        title="Nothing found"
        action={<Button onClick={onClear}>Clear search and filters</Button>}
      >
        {search.q ? (
          <>
            No {search.deleted && 'deleted '}agent that you may see matches “
            {search.q.trim()}”{Object.keys(search).length > 1 && ' with these filters'}.
          </>
        ) : (
          'No agent that you may see passes all of these filters.'
        )}
      </EmptyState>
    );
  }
  if (search.deleted) {
    return (
      <EmptyState
        icon={IconTrashOff}
        title="Nothing deleted"
        action={<Button onClick={onLeaveDeleted}>Show the agents</Button>}
      >
        Deleted agents of the teams that you own are kept here, to be restored.
      </EmptyState>
    );
  }
  return <NoAgents />;
}

function NoAgents() {
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
      icon={IconRobot}
      title="No agents yet"
      action={
        <>
          <ButtonLink to={'/imports/new' as string} variant="filled">
            Import files
          </ButtonLink>
          {instance?.samples_available && team && (
            <Button
              loading={samples.isPending}
              onClick={() => samples.mutate(team.slug)}
            >
              Try with samples
            </Button>
          )}
          <ButtonLink to="/agents/new">Create by hand</ButtonLink>
        </>
      }
    >
      Agents are sub-agent definitions: who they are, when to call them, what they may
      do. Drop the files that you have, as they are; nothing is kept before you have
      seen what is wrong with each.
    </EmptyState>
  );
}
