import { ActionIcon, Popover, VisuallyHidden } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { MineList } from './MineList';
import { mineText } from './mine';
import { stateWords } from './progress';
import classes from './running.module.css';
import { useMine } from './use-mine';
import { titleOf } from './words';

/** My jobs in the top bar: what runs, and what ended since I last looked. */
export default function RunningJobs() {
  const { mine, markSeen } = useMine();
  const [opened, setOpened] = useState(false);
  const { pathname } = useLocation();
  const { active, ended, failed } = mine;
  const newest = ended[0];

  const change = (next: boolean) => {
    if (!next) markSeen();
    setOpened(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes when the page changes
  useEffect(() => setOpened(false), [pathname]);

  return (
    <>
      <Popover
        opened={opened}
        onChange={change}
        position="bottom-end"
        width="min(380px, 100vw - 16px)"
        withinPortal={false}
        trapFocus
        returnFocus
        shadow="md"
        transitionProps={{ duration: 100 }}
      >
        <Popover.Target>
          <ActionIcon
            onClick={() => change(!opened)}
            aria-label={mineText(mine)}
            title={mineText(mine)}
            className={classes.button ?? ''}
            data-running={active.length > 0 || undefined}
          >
            <IconListCheck size={18} stroke={1.6} />
            {(active.length > 0 || ended.length > 0) && (
              <span
                aria-hidden="true"
                className={`tabular ${classes.count}`}
                data-failed={failed > 0 || undefined}
                data-done={(active.length === 0 && failed === 0) || undefined}
              >
                {failed || active.length || ended.length}
              </span>
            )}
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown ?? ''}>
          {opened && <MineList mine={mine} onLeave={() => change(false)} />}
        </Popover.Dropdown>
      </Popover>
      <VisuallyHidden role="status">
        {newest && `${titleOf(newest)}: ${stateWords[newest.state].toLowerCase()}`}
      </VisuallyHidden>
    </>
  );
}
