import { useDisclosure, useHotkeys, useLocalStorage } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useCode } from '@/lib/use-code';
import { useReturnToSignIn } from '@/lib/use-return-to-sign-in';
import { FrameContext } from './InMain';
import { Rail } from './Rail';
import classes from './shell.module.css';
import { TopBar } from './TopBar';

const railDrawer = () => import('./RailDrawer');
const commandMenu = () => import('./CommandMenu');
const liveUpdates = () => import('@/features/live/LiveUpdates');

/** The frame of every page for people who are signed in. */
export function AppFrame() {
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'roster-rail-collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [drawer, drawerActions] = useDisclosure(false);
  const [commands, commandActions] = useDisclosure(false);
  const RailDrawer = useCode(railDrawer, drawer);
  const CommandMenu = useCode(commandMenu, commands);
  // After the first page: nothing of it waits for this.
  const LiveUpdates = useCode(liveUpdates, false);
  const search = useRef<HTMLInputElement>(null);
  const { pathname } = useLocation();
  useReturnToSignIn();

  useHotkeys([
    ['mod+K', commandActions.open],
    ['/', () => search.current?.focus()],
    ['[', () => setCollapsed((value) => !value)],
  ]);
  // Ctrl/⌘ K works inside text fields and editors too.
  useHotkeys([['mod+K', commandActions.open]], [], true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: closes when the page changes
  useEffect(() => drawerActions.close(), [pathname]);

  return (
    <div className={classes.frame} data-collapsed={collapsed || undefined}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <div className={classes.railSlot}>
        <Rail collapsed={collapsed} onToggle={() => setCollapsed(!collapsed)} />
      </div>
      {drawer && RailDrawer && <RailDrawer onClose={drawerActions.close} />}
      <div className={classes.column}>
        <TopBar
          searchRef={search}
          onMenu={drawerActions.open}
          onCommands={commandActions.open}
        />
        <main id="main" tabIndex={-1} className={classes.main}>
          <FrameContext value={true}>
            <Outlet />
          </FrameContext>
        </main>
      </div>
      {LiveUpdates && <LiveUpdates />}
      {commands && CommandMenu && <CommandMenu onClose={commandActions.close} />}
    </div>
  );
}
