import { IconMapQuestion } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import type { ComponentPublic, Published } from '@/api/types';
import { type Kind, placeOf } from '@/features/kinds/kinds';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
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
      <EmptyState
        heading="h1"
        icon={IconMapQuestion}
        title={`There is no ${kind.label.toLowerCase()} ${team}/${name}`}
        action={
          <ButtonLink to="/$plural" params={{ plural: kind.plural }}>
            Go to {kind.labels.toLowerCase()}
          </ButtonLink>
        }
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
  const { latest } = agent.data;
  if (!latest) return <Unpublished agent={agent.data} kind={kind} />;
  return <Loaded agent={{ ...agent.data, latest }} search={search} />;
}

/** Begun and not published, or all of its revisions were withdrawn. */
function Unpublished({ agent, kind }: { agent: ComponentPublic; kind: Kind }) {
  return (
    <EmptyState
      heading="h1"
      icon={kind.icon}
      title={`${agent.name} has no revision`}
      action={
        agent.permissions.edit && (
          <ButtonLink
            to="/$plural/$team/$name/edit"
            params={placeOf(agent)}
            variant="filled"
          >
            Go on editing
          </ButtonLink>
        )
      }
    >
      Nobody else sees it before its first revision is published.
    </EmptyState>
  );
}

function Loaded({ agent, search }: { agent: Published; search: ComponentSearch }) {
  const tab = search.tab ?? 'read';
  const shown = search.revision ?? agent.latest.number;
  return (
    <div className={classes.page} data-wide={tab !== 'read' || undefined}>
      <AgentHeader agent={agent} />
      <Notices agent={agent} shown={shown} tab={tab} />
      <AgentTabs agent={agent} tab={tab} revision={search.revision} />
      <TabView agent={agent} number={shown} search={search} />
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
