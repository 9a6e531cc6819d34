import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import {
  type Icon,
  IconActivity,
  IconHeartbeat,
  IconHistory,
  IconLogout,
  IconPlus,
  IconSearch,
  IconUserCircle,
  IconUsersGroup,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { componentSearchQuery } from '@/api/queries';
import { useSignOut } from '@/features/auth/use-sign-out';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { commandMenu, selectFirst } from './command-menu';
import { usePlaces } from './Rail';
import classes from './shell.module.css';
import { schemes } from './ThemeSwitch';

interface Command {
  id: string;
  label: string;
  hint?: string;
  icon: ReactNode;
  run: () => void;
}

const icon = (Shape: Icon) => <Shape size={16} stroke={1.6} aria-hidden />;

function useCommands(): Command[] {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const places = usePlaces();
  const teams = useTeamCommands();
  return [
    ...places.map(({ to, params, label, icon: Icon }) => ({
      id: `place-${label}`,
      label: `Go to ${label.toLowerCase()}`,
      icon: icon(Icon),
      run: () => void navigate({ to, ...(params && { params }) }),
    })),
    {
      id: '/jobs',
      label: 'Go to jobs',
      icon: icon(IconActivity),
      run: () => void navigate({ to: '/jobs' }),
    },
    {
      id: '/account',
      label: 'Go to account',
      icon: icon(IconUserCircle),
      run: () => void navigate({ to: '/account' }),
    },
    ...teams,
    ...schemes.map(({ value, label, icon: Icon }) => ({
      id: `theme-${value}`,
      label: `Theme: ${label.toLowerCase()}`,
      icon: icon(Icon),
      run: () => setColorScheme(value),
    })),
    { id: 'sign-out', label: 'Sign out', icon: icon(IconLogout), run: signOut },
  ];
}

function useTeamCommands(): Command[] {
  const navigate = useNavigate();
  const user = useUser();
  if (!user) return [];
  return [
    ...user.teams.map(({ id, slug, name }) => ({
      id: `team-${id}`,
      label: `Go to team ${name}`,
      hint: slug,
      icon: icon(IconUsersGroup),
      run: () => void navigate({ to: '/teams/$team', params: { team: slug } }),
    })),
    {
      id: 'team-new',
      label: 'New team',
      icon: icon(IconPlus),
      run: () => void navigate({ to: '/teams', search: { new: true } }),
    },
    ...(user.is_admin
      ? [
          {
            id: 'audit',
            label: 'Go to the audit log',
            icon: icon(IconHistory),
            run: () => void navigate({ to: '/admin/audit' }),
          },
          {
            id: 'health',
            label: 'Go to health',
            icon: icon(IconHeartbeat),
            run: () => void navigate({ to: '/admin/health' }),
          },
        ]
      : []),
  ];
}

function useHits(query: string): Command[] {
  const navigate = useNavigate();
  const [q] = useDebouncedValue(query.trim(), 150);
  const hits = useQuery({ ...componentSearchQuery(q), enabled: q.length > 1 });
  if (query.trim().length < 2) return [];
  return (hits.data?.items ?? []).map((component) => ({
    id: component.id,
    label: component.name,
    hint: `${component.kind} of ${component.team.slug}`,
    icon: icon(kindOf(component.kind).icon),
    run: () =>
      void navigate({ to: '/$plural/$team/$name', params: placeOf(component) }),
  }));
}

/** Go to anything, run any action. Loaded when it is first asked for. */
export default function CommandMenu({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const navigate = useNavigate();
  const hits = useHits(query);
  const needle = query.trim().toLowerCase();
  const actions = useCommands().filter(({ label }) =>
    label.toLowerCase().includes(needle),
  );
  const searchAll: Command[] = needle
    ? [
        {
          id: 'search',
          label: `Search agents for “${query.trim()}”`,
          icon: icon(IconSearch),
          run: () =>
            void navigate({
              to: '/$plural',
              params: { plural: 'agents' },
              search: { q: query.trim() },
            }),
        },
      ]
    : [];

  useEffect(() => {
    commandMenu.open();
    return () => commandMenu.close();
  }, []);

  const groups = [
    { label: 'Components', commands: [...hits, ...searchAll] },
    { label: 'Actions', commands: actions },
  ].filter(({ commands }) => commands.length > 0);

  // What Enter does is what stands first, also when components come in after the typing.
  const first = groups[0]?.commands[0]?.id;
  const open = needle !== '';
  useEffect(() => {
    if (first && open) selectFirst();
  }, [first, open]);

  return (
    <Spotlight.Root
      store={commandMenu.store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={420}
      size={560}
      radius={8}
      classNames={{ content: classes.commands ?? '' }}
      attributes={{ content: { 'aria-label': 'Command menu' } }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
    >
      <Spotlight.Search
        placeholder="Go to anything, run an action"
        aria-label="Command"
        leftSection={<IconSearch size={16} stroke={1.8} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map(({ label, commands }) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {commands.map((command) => (
              <Spotlight.Action
                key={command.id}
                onClick={command.run}
                className={classes.command ?? ''}
              >
                {command.icon}
                <span>{command.label}</span>
                {command.hint && <span className="muted mono">{command.hint}</span>}
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>Nothing found</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
