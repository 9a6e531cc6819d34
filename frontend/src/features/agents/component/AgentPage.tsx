import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import type { Published } from '@/api/types';
import { type Kind, placeOf } from '@/features/kinds/kinds';
import { LifecycleNotices } from '@/features/lifecycle/LifecycleNotices';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { type ComponentSearch, TABS } from '../compare';
import { agentQuery } from '../queries';
import { AgentHeader } from './AgentHeader';
import { AgentSkeleton } from './AgentSkeleton';
import { AgentTabs } from './AgentTabs';
import classes from './component.module.css';
import { Notices } from './Notices';
import { type TabProps, tabCode } from './tab-code';

const Tombstone = lazy(() => import('./Tombstone'));
const Absent = lazy(() => import('@/features/lifecycle/Absent'));
const Unpublished = lazy(() => import('@/features/lifecycle/Unpublished'));
const ServerSecrets = lazy(() => import('@/features/secrets/ServerSecrets'));

interface AgentPageProps {
  kind: Kind;
  team: string;
  name: string;
  search: ComponentSearch;
}

export function AgentPage({ kind, team, name, search }: AgentPageProps) {
  const agent = useQuery(agentQuery(kind, team, name));
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
      <Suspense fallback={<AgentSkeleton name={name} />}>
        <Absent kind={kind} team={team} name={name} />
      </Suspense>
    );
  }
  // Under a former name of it, or of its team.
  if (agent.data.name !== name || agent.data.team.slug !== team) {
    return (
      <Navigate
        to="/$plural/$team/$name"
        params={placeOf(agent.data)}
        search={search}
        replace
      />
    );
  }
  if (agent.data.deleted_at) {
    return (
      <Suspense fallback={<AgentSkeleton name={name} />}>
        <Tombstone agent={agent.data} />
      </Suspense>
    );
  }
  const { latest } = agent.data;
  if (!latest) {
    return (
      <Suspense fallback={<AgentSkeleton name={name} />}>
        <Unpublished agent={agent.data} search={search} />
      </Suspense>
    );
  }
  return <Loaded agent={{ ...agent.data, latest }} search={search} />;
}

function Loaded({ agent, search }: { agent: Published; search: ComponentSearch }) {
  const tab = search.tab ?? 'read';
  const shown = search.revision ?? agent.latest.number;
  return (
    <div className={classes.page} data-wide={tab !== 'read' || undefined}>
      <AgentHeader agent={agent} quiet={tab === 'upstream'} />
      <LifecycleNotices agent={agent} shown={shown} />
      <Notices agent={agent} shown={shown} tab={tab} />
      <AgentTabs agent={agent} tab={tab} revision={search.revision} />
      <TabView agent={agent} number={shown} search={search} />
      {agent.kind === 'server' && tab === 'read' && (
        <Suspense fallback={null}>
          <ServerSecrets server={agent} />
        </Suspense>
      )}
    </div>
  );
}

function TabView(props: TabProps) {
  const code = useQuery(tabCode(props.search.tab ?? 'read'));
  const client = useQueryClient();
  useEffect(() => {
    // The others come when this one is there: a click shows them at once.
    if (!code.isSuccess) return;
    for (const tab of TABS) void client.prefetchQuery(tabCode(tab));
    void import('./ActionsMenu').catch(() => {});
  }, [client, code.isSuccess]);
  if (code.isPending) return <TextSkeleton lines={10} />;
  if (!code.data) {
    return <ErrorState error={code.error} onRetry={() => void code.refetch()} />;
  }
  const View = code.data.default;
  return <View {...props} />;
}
