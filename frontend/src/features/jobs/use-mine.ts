import { useLocalStorage } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useSession } from '@/lib/use-session';
import { followMine } from './follow';
import { latestEnd, type Mine, sortMine } from './mine';
import { jobKeys, mineQuery } from './queries';

/** What had ended when this page was opened for the first time is no news. */
const opened = new Date(performance.timeOrigin).toISOString();

/** My jobs as they are now, and how to say that what ended was seen. */
export function useMine(): { mine: Mine; markSeen: () => void } {
  const client = useQueryClient();
  const { status, user } = useSession();
  const enabled = status === 'signed-in';
  const { data } = useQuery({ ...mineQuery, enabled });
  const { pathname } = useLocation();
  const first = useRef(true);
  const [seen, setSeen] = useLocalStorage<string | null>({
    key: `roster-jobs-seen-${user?.id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const jobs = data ?? [];
  const mine = sortMine(jobs, seen ?? opened);
  const following = enabled && mine.active.length > 0;

  useEffect(() => (following ? followMine(client) : undefined), [client, following]);
  useEffect(() => {
    if (seen === null) setSeen(opened);
  }, [seen, setSeen]);
  // An import that was begun on the page before may have ended already.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the page changes
  useEffect(() => {
    if (first.current) first.current = false;
    else if (enabled) void client.invalidateQueries({ queryKey: jobKeys.mine });
  }, [client, pathname]);

  const markSeen = useCallback(() => {
    const latest = data && latestEnd(data);
    if (latest) setSeen(latest);
  }, [data, setSeen]);
  return { mine, markSeen };
}
