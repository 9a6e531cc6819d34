import { ActionIcon } from '@mantine/core';
import {
  type Icon,
  IconFileImport,
  IconGitPullRequest,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPencil,
  IconSettings,
  IconStack2,
  IconTrash,
  IconUsersGroup,
} from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { KINDS } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { Hint } from '@/ui/Hint';
import { AccountMenu } from './AccountMenu';
import { Brand } from './Brand';
import classes from './shell.module.css';

const ReviewCount = lazy(() => import('@/features/promotions/ReviewCount'));

interface Place {
  to: NonNullable<LinkProps['to']>;
  params?: { plural: string };
  label: string;
  icon: Icon;
  /** Offered to administrators only. */
  admin?: true;
  /** Shows how many of them wait for this person. */
  count?: true;
  /** Not where one is when its address is only the beginning. */
  exact?: true;
}

const places: Place[] = [
  { to: '/', label: 'Dashboard', icon: IconLayoutDashboard, exact: true },
  ...KINDS.map(({ plural, labels, icon }) => ({
    to: '/$plural' as const,
    params: { plural },
    label: labels,
    icon,
  })),
  { to: '/collections', label: 'Collections', icon: IconStack2 },
  { to: '/drafts', label: 'Drafts', icon: IconPencil },
  { to: '/imports', label: 'Imports', icon: IconFileImport },
  { to: '/reviews', label: 'Reviews', icon: IconGitPullRequest, count: true },
  { to: '/teams', label: 'Teams', icon: IconUsersGroup },
  { to: '/trash', label: 'Trash', icon: IconTrash },
  { to: '/admin', label: 'Administration', icon: IconSettings, admin: true },
];

/** Where this person can go from every page. */
export function usePlaces(): Place[] {
  const admin = useUser()?.is_admin ?? false;
  return places.filter((place) => admin || !place.admin);
}

interface RailProps {
  collapsed: boolean;
  onToggle?: () => void;
}

export function Rail({ collapsed, onToggle }: RailProps) {
  const Toggle = collapsed
    ? IconLayoutSidebarLeftExpand
    : IconLayoutSidebarLeftCollapse;
  const shown = usePlaces();
  return (
    <nav
      aria-label="Main"
      className={classes.rail}
      data-collapsed={collapsed || undefined}
    >
      <div className={classes.railHead}>
        <Link to="/" className={classes.home} aria-label="Roster, home">
          <Brand wordmark={!collapsed} />
        </Link>
      </div>
      <div className={classes.nav}>
        {shown.map(({ to, params, exact = false, count, label, icon: Shape }) => (
          <Hint key={label} label={label} position="right" disabled={!collapsed}>
            <Link
              to={to}
              {...(params && { params })}
              className={classes.navLink}
              activeProps={{ 'data-active': true }}
              activeOptions={{ includeSearch: false, exact }}
              aria-label={collapsed ? label : undefined}
            >
              <Shape size={18} stroke={1.6} aria-hidden />
              {!collapsed && <span>{label}</span>}
              {!collapsed && count && (
                <Suspense>
                  <ReviewCount />
                </Suspense>
              )}
            </Link>
          </Hint>
        ))}
      </div>
      <div className={classes.railFoot}>
        <AccountMenu collapsed={collapsed} />
        {onToggle && (
          <Hint label={collapsed ? 'Widen the rail' : 'Narrow the rail'}>
            <ActionIcon
              onClick={onToggle}
              aria-label={collapsed ? 'Widen the rail' : 'Narrow the rail'}
              aria-expanded={!collapsed}
            >
              <Toggle size={18} stroke={1.6} />
            </ActionIcon>
          </Hint>
        )}
      </div>
    </nav>
  );
}
