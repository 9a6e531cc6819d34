import { IconLock, IconMapQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { keys } from '@/api/queries';
import type { Kind } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { tabBackup } from './backup';
import { EditAgent } from './EditAgent';
import { EditorSkeleton } from './EditorSkeleton';
import { openAgent } from './open';
import type { EditSearch } from './views';

interface EditAgentPageProps {
  kind: Kind;
  team: string;
  name: string;
  search: EditSearch;
  onSearch: (search: EditSearch) => void;
}

export function EditAgentPage(props: EditAgentPageProps) {
  const { kind, team, name, search, onSearch } = props;
  const user = useUser();
  const userId = user?.id ?? '';
  const opening = useQuery({
    queryKey: [...keys.components, 'edit', userId, kind.name, team, name],
    queryFn: ({ signal }) =>
      openAgent(kind, team, name, search, (id) => tabBackup(userId, id), signal),
    // Read once: from then on the edit itself knows how it stands.
    enabled: (query) => query.state.data === undefined,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (opening.error) {
    return <ErrorState error={opening.error} onRetry={() => opening.refetch()} />;
  }
  if (opening.isPending) return <EditorSkeleton title={name} />;
  if (opening.data === null) {
    return (
      <EmptyState
        icon={IconMapQuestion}
        title={`There is no such ${kind.label.toLowerCase()}`}
        heading="h1"
      >
        Nothing is called {name} in {team}, or you may not see it.
      </EmptyState>
    );
  }
  if (!opening.data.agent.permissions.edit) {
    return (
      <EmptyState
        icon={IconLock}
        title={`You may read ${name}, but not edit it`}
        heading="h1"
        action={
          <ButtonLink
            to="/$plural/$team/$name"
            params={{ plural: kind.plural, team, name }}
          >
            Back to {name}
          </ButtonLink>
        }
      >
        Editors and owners of {opening.data.agent.team.name} publish new revisions.
      </EmptyState>
    );
  }
  return <EditAgent opening={opening.data} userId={userId} {...{ search, onSearch }} />;
}
