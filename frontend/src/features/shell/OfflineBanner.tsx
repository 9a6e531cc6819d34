import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { isOffline, subscribeNetwork } from '@/api/network';
import { apiOrigin, send } from '@/api/session';
import classes from './shell.module.css';

const RETRY_MS = 5_000;

/** Shown while the server does not answer; tries by itself and on the button. */
export function OfflineBanner() {
  const offline = useSyncExternalStore(subscribeNetwork, isOffline);
  const queryClient = useQueryClient();
  const [trying, setTrying] = useState(false);

  const attempt = useCallback(async () => {
    setTrying(true);
    try {
      await send(`${apiOrigin}/api/v1/instance`);
      await queryClient.invalidateQueries();
    } catch {
      // Still away: `send` has said so, and the next try comes.
    } finally {
      setTrying(false);
    }
  }, [queryClient]);

  useEffect(() => {
    if (!offline) return;
    const timer = setInterval(attempt, RETRY_MS);
    globalThis.addEventListener('online', attempt);
    return () => {
      clearInterval(timer);
      globalThis.removeEventListener('online', attempt);
    };
  }, [offline, attempt]);

  if (!offline) return null;
  return (
    <div className={classes.banner} role="alert">
      <IconPlugConnectedX size={16} aria-hidden />
      <span>The server cannot be reached. Your text stays here; trying again.</span>
      <Button size="xs" onClick={attempt} disabled={trying}>
        Try now
      </Button>
    </div>
  );
}
