import { Link } from '@tanstack/react-router';
import type { ComponentPublic } from '@/api/types';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { TABS, type Tab } from '../compare';
import classes from './component.module.css';

const titles: Record<Tab, string> = {
  read: 'Read',
  source: 'Source',
  files: 'Files',
  revisions: 'Revisions',
  usage: 'Used by',
  upstream: 'Upstream',
  settings: 'Settings',
};

/** Those that show one revision, rather than the component as a whole. */
const OF_ONE_REVISION = new Set<Tab>(['read', 'source', 'files']);

/** Settings are for those who may decide them; the text is there once it is published. */
function tabsFor(component: ComponentPublic): Tab[] {
  const { kind, permissions, published, latest } = component;
  const settles = permissions.manage || (!published && permissions.edit);
  return TABS.filter((tab) => {
    if (tab === 'settings') return settles;
    if (tab === 'upstream') return component.upstream_state != null;
    if (tab === 'files' && !kindOf(kind).isTree) return false;
    return latest !== null || (tab === 'revisions' && published);
  });
}

interface AgentTabsProps {
  agent: ComponentPublic;
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
      {tabsFor(agent).map((one) => (
        <Link
          key={one}
          to="/$plural/$team/$name"
          params={placeOf(agent)}
          search={{
            ...(one === 'read' ? {} : { tab: one }),
            ...(revision && OF_ONE_REVISION.has(one) ? { revision } : {}),
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
          {one === 'upstream' && agent.upstream_state === 'available' && (
            <span className={classes.tabCount} title="Update available">
              1
            </span>
          )}
          {one === 'revisions' && agent.latest && (
            <span className={classes.tabCount}>{agent.latest.number}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}
