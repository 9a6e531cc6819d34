import { IconGitBranch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { kindOf } from '@/features/kinds/kinds';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { upstreamQuery } from './queries';
import { StandingMark } from './StandingMark';
import type { Upstream } from './types';
import { UpdateView } from './UpdateView';
import { UpstreamActions } from './UpstreamActions';
import { UpstreamFacts } from './UpstreamFacts';
import classes from './upstreams.module.css';
import { explain, standingOf } from './words';

/** Where a component comes from, and what there is to take over from there. */
export default function UpstreamTab({ agent }: { agent: ComponentPublic }) {
  const upstream = useQuery(upstreamQuery(agent.id));
  if (upstream.isPending) return <TextSkeleton lines={8} />;
  if (upstream.isError && upstream.data === undefined) {
    return (
      <ErrorState error={upstream.error} onRetry={() => void upstream.refetch()} />
    );
  }
  if (!upstream.data) {
    return (
      <EmptyState icon={IconGitBranch} title="No upstream">
        This {kindOf(agent.kind).label.toLowerCase()} comes from no repository, or from
        one that only members of {agent.team.name} see.
      </EmptyState>
    );
  }
  return <Loaded agent={agent} upstream={upstream.data} />;
}

interface LoadedProps {
  agent: ComponentPublic;
  upstream: Upstream;
}

function Loaded({ agent, upstream }: LoadedProps) {
  const standing = standingOf(upstream);
  // The update of one that is pinned is not pressed on anybody.
  const [asked, setAsked] = useState(false);
  const updatable = upstream.state === 'available';
  const shown = standing === 'available' || (asked && updatable);
  return (
    <div className={classes.layout}>
      <div className={classes.main}>
        <section className={classes.panel} aria-labelledby="upstream">
          <div className={classes.panelText}>
            <h2 id="upstream">
              <StandingMark of={upstream} />
            </h2>
            <p>{explain(upstream)}</p>
          </div>
          <UpstreamActions
            agent={agent}
            upstream={upstream}
            onShow={updatable && !shown ? () => setAsked(true) : undefined}
          />
        </section>
        {shown && <UpdateView agent={agent} upstream={upstream} />}
      </div>
      <aside className={classes.side} aria-label="Upstream facts">
        <UpstreamFacts upstream={upstream} />
      </aside>
    </div>
  );
}
