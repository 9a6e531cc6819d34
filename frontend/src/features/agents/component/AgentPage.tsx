import { IconMapQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { ComponentPublic } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { TextSkeleton } from '@/ui/skeletons';
import type { ComponentSearch } from '../compare';
import { agentQuery } from '../queries';
import { AgentHeader } from './AgentHeader';
import { AgentSkeleton } from './AgentSkeleton';
import { AgentTabs } from './AgentTabs';
import classes from './component.module.css';
import { Notices } from './Notices';

const ReadTab = lazy(() => import('./ReadTab'));
const SourceTab = lazy(() => import('./SourceTab'));
const RevisionsTab = lazy(() => import('./RevisionsTab'));
const Tombstone = lazy(() => import('./Tombstone'));

interface AgentPageProps {
  team: string;
  name: string;
  search: ComponentSearch;
}

export function AgentPage({ team, name, search }: AgentPageProps) {
  const agent = useQuery(agentQuery(team, name));
  if (agent.isPending) return <AgentSkeleton name={name} />;
  if (agent.isError && agent.data === undefined) {
    return (
      <ErrorState
        heading="h1"
        error={agent.error}
        onRetry={() => void agent.refetch()}
      />
    );
  }
  if (!agent.data) {
    return (
      <EmptyState
        heading="h1"
        icon={IconMapQuestion}
        title={`There is no agent ${team}/${name}`}
        action={<ButtonLink to="/agents">Go to agents</ButtonLink>}
      >
        It may never have been there, or you may not be allowed to see it: both look the
        same from here.
      </EmptyState>
    );
  }
  if (agent.data.deleted_at) {
    return (
      <Suspense fallback={<AgentSkeleton name={name} />}>
        <Tombstone agent={agent.data} />
      </Suspense>
    );
  }
  return <Loaded agent={agent.data} search={search} />;
}

function Loaded({
  agent,
  search,
}: {
  agent: ComponentPublic;
  search: ComponentSearch;
}) {
  const tab = search.tab ?? 'read';
  const shown = search.revision ?? agent.latest.number;
  return (
    <div className={classes.page} data-wide={tab !== 'read' || undefined}>
      <AgentHeader agent={agent} />
      <Notices agent={agent} shown={shown} tab={tab} />
      <AgentTabs agent={agent} tab={tab} revision={search.revision} />
      <Suspense fallback={<TextSkeleton lines={10} />}>
        {tab === 'read' && <ReadTab agent={agent} number={shown} />}
        {tab === 'source' && <SourceTab agent={agent} number={shown} />}
        {tab === 'revisions' && <RevisionsTab agent={agent} search={search} />}
      </Suspense>
    </div>
  );
}
