import { Link } from '@tanstack/react-router';
import type { ComponentPublic } from '@/api/types';
import { TABS, type Tab } from '../compare';
import classes from './component.module.css';

const titles: Record<Tab, string> = {
  read: 'Read',
  source: 'Source',
  revisions: 'Revisions',
};

interface AgentTabsProps {
  agent: ComponentPublic;
  tab: Tab;
  revision: number | undefined;
}

/** Links rather than tabs: each view has an address of its own. */
export function AgentTabs({ agent, tab, revision }: AgentTabsProps) {
  const { team, name } = agent;
  const { errors, warnings } = agent.health;
  return (
    <nav className={classes.tabs} aria-label="Views of this agent">
      {TABS.map((one) => (
        <Link
          key={one}
          to="/agents/$team/$name"
          params={{ team: team.slug, name }}
          search={{
            ...(one === 'read' ? {} : { tab: one }),
            ...(revision && one !== 'revisions' ? { revision } : {}),
          }}
          resetScroll={false}
          // Which view is shown is said below, also for one with more in its address.
          activeOptions={{ exact: true, includeSearch: true }}
          className={classes.tab}
          aria-current={one === tab ? 'page' : undefined}
        >
          {titles[one]}
          {one === 'source' && errors + warnings > 0 && (
            <span className={classes.tabCount} title="Errors and warnings">
              {errors + warnings}
            </span>
          )}
          {one === 'revisions' && (
            <span className={classes.tabCount}>{agent.latest.number}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}
