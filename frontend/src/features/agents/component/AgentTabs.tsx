import { Link } from '@tanstack/react-router';
import type { Published } from '@/api/types';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { TABS, type Tab } from '../compare';
import classes from './component.module.css';

const titles: Record<Tab, string> = {
  read: 'Read',
  source: 'Source',
  revisions: 'Revisions',
};

interface AgentTabsProps {
  agent: Published;
  tab: Tab;
  revision: number | undefined;
}

/** Links rather than tabs: each view has an address of its own. */
export function AgentTabs({ agent, tab, revision }: AgentTabsProps) {
  const { errors, warnings } = agent.health;
  return (
    <nav
      className={classes.tabs}
      aria-label={`Views of this ${kindOf(agent.kind).label.toLowerCase()}`}
    >
      {TABS.map((one) => (
        <Link
          key={one}
          to="/$plural/$team/$name"
          params={placeOf(agent)}
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
