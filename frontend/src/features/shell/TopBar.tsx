import { ActionIcon, TextInput } from '@mantine/core';
import { IconCommand, IconMenu2, IconSearch } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { kindAt } from '@/features/kinds/kinds';
import { useCode } from '@/lib/use-code';
import { Kbd } from '@/ui/Kbd';
import { Breadcrumbs } from './Breadcrumbs';
import classes from './shell.module.css';
import { ThemeSwitch } from './ThemeSwitch';

const runningJobs = () => import('@/features/jobs/RunningJobs');

interface TopBarProps {
  searchRef: RefObject<HTMLInputElement | null>;
  onMenu: () => void;
  onCommands: () => void;
}

export function TopBar({ searchRef, onMenu, onCommands }: TopBarProps) {
  const navigate = useNavigate();
  const params = useParams({ strict: false });
  // The first word of an address that leads nowhere is no kind.
  const { plural = 'agents' } = kindAt(params.plural ?? '') ?? {};
  // After the first page; its place is kept, so that nothing jumps.
  const RunningJobs = useCode(runningJobs, false);
  return (
    <header className={classes.topbar}>
      <ActionIcon
        className={classes.burger}
        onClick={onMenu}
        aria-label="Open navigation"
      >
        <IconMenu2 size={18} stroke={1.6} />
      </ActionIcon>
      <Breadcrumbs />
      <search className={classes.search}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const q = searchRef.current?.value.trim();
            void navigate({
              to: '/$plural',
              params: { plural },
              search: q ? { q } : {},
            });
          }}
        >
          <TextInput
            ref={searchRef}
            type="search"
            name="q"
            aria-label={`Search ${plural}`}
            placeholder={`Search ${plural}`}
            leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
            rightSection={<Kbd>/</Kbd>}
            classNames={{ input: classes.searchInput ?? '' }}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
          />
        </form>
      </search>
      <div className={classes.jobs}>{RunningJobs && <RunningJobs />}</div>
      <ActionIcon onClick={onCommands} aria-label="Command menu" title="Ctrl K">
        <IconCommand size={18} stroke={1.6} />
      </ActionIcon>
      <ThemeSwitch />
    </header>
  );
}
