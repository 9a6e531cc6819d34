import { type ComponentType, useEffect, useState } from 'react';

const RETRY_MS = 2_000;

/** Calls back when the browser has nothing better to do; returns how to cancel. */
function whenIdle(run: () => void) {
  // Safari has no idle callbacks.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(run, 200);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run);
  return () => cancelIdleCallback(handle);
}

/**
 * A component whose code comes after the page: when the browser is idle, or at once when
 * it is wanted; null until then. Unlike a lazy component it keeps trying, and takes no
 * page down while the server is away.
 */
export function useCode<Props>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  wanted: boolean,
): ComponentType<Props> | null {
  const [Code, setCode] = useState<ComponentType<Props> | null>(null);
  const loaded = Code !== null;
  useEffect(() => {
    if (loaded) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = async () => {
      try {
        const code = await load();
        if (!over) setCode(() => code.default);
      } catch {
        if (wanted && !over) timer = setTimeout(attempt, RETRY_MS);
      }
    };
    const cancel = wanted ? void attempt() : whenIdle(attempt);
    return () => {
      over = true;
      clearTimeout(timer);
      cancel?.();
    };
  }, [load, wanted, loaded]);
  return Code;
}
