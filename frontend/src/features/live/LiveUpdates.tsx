import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { loadUser, sessionState } from '@/api/session';
import type { LiveEvent } from '@/api/types';
import { Connection } from './connection';
import { apply, watchLists } from './news';

/** What happens together is asked for together. */
const GATHER_MS = 300;
/** Where much happens, it is asked for now and then. */
const PAUSE_MS = 2_000;

/** Keeps what is shown up to date with what others do. Shows nothing itself. */
export default function LiveUpdates() {
  const client = useQueryClient();
  useEffect(() => {
    let events: LiveEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const flush = () => {
      const happened = events;
      events = [];
      timer = undefined;
      last = Date.now();
      const { user } = sessionState();
      if (!user) return;
      apply(client, happened, user.username);
      const about = happened.some(({ target }) => target.id === user.id);
      // What this person may see is another thing now.
      if (about) void loadUser().then(() => client.invalidateQueries());
    };
    const connection = new Connection({
      onEvent: (event) => {
        events.push(event);
        timer ??= setTimeout(flush, Math.max(GATHER_MS, last + PAUSE_MS - Date.now()));
      },
      onReset: () => void client.invalidateQueries(),
    });
    const unwatch = watchLists(client);
    connection.start();
    return () => {
      clearTimeout(timer);
      connection.stop();
      unwatch();
    };
  }, [client]);
  return null;
}
