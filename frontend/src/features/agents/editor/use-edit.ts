import { useHotkeys } from '@mantine/hooks';
import { useEffect, useSyncExternalStore } from 'react';
import type { DraftSync, EditState } from './draft-sync';

/** The text of an edit; saves it when the person turns away from the page. */
export function useEdit(sync: DraftSync): EditState {
  const state = useSyncExternalStore(sync.subscribe, sync.snapshot);
  useEffect(() => sync.connect(), [sync]);
  useEffect(() => {
    const away = () => {
      if (document.visibilityState === 'hidden') void sync.flush(true);
    };
    const blurred = () => void sync.flush();
    document.addEventListener('visibilitychange', away);
    globalThis.addEventListener('pagehide', away);
    globalThis.addEventListener('blur', blurred);
    return () => {
      document.removeEventListener('visibilitychange', away);
      globalThis.removeEventListener('pagehide', away);
      globalThis.removeEventListener('blur', blurred);
    };
  }, [sync]);
  return state;
}

/** Ctrl/⌘ S saves, Ctrl/⌘ Enter publishes; inside fields and editors too. */
export function useEditKeys(save: () => void, publish: () => void) {
  useHotkeys(
    [
      ['mod+S', save],
      ['mod+Enter', publish],
    ],
    [],
    true,
  );
}
