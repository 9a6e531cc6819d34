import { useEffect, useState } from 'react';
import type { LintResult } from '@/api/types';
import type { Kind } from '@/features/kinds/kinds';
import { lintText } from './api';

const LINT_AFTER_MS = 400;

export interface Lint {
  /** Of `text`; while a newer text is being checked, still the one before. */
  result: LintResult | null;
  text: string;
  /** The text has changed since, and the answer is not there yet. */
  pending: boolean;
  error: unknown;
}

/** Checks the text as it is typed; `path` says which name the file has. */
export function useLint(kind: Kind, text: string, path: string | null): Lint {
  const [lint, setLint] = useState<Omit<Lint, 'pending'>>({
    result: null,
    text: '',
    error: null,
  });
  const [attempt, setAttempt] = useState(0);
  const first = lint.result === null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again
  useEffect(() => {
    if (text === '') {
      setLint({ result: null, text, error: null });
      return;
    }
    const controller = new AbortController();
    let retry: ReturnType<typeof setTimeout> | undefined;
    const timer = setTimeout(
      async () => {
        try {
          const result = await lintText(kind, text, path, controller.signal);
          if (!controller.signal.aborted) setLint({ result, text, error: null });
        } catch (error) {
          if (controller.signal.aborted) return;
          setLint((before) => ({ ...before, error }));
          retry = setTimeout(() => setAttempt((count) => count + 1), 5_000);
        }
      },
      first ? 0 : LINT_AFTER_MS,
    );
    return () => {
      clearTimeout(timer);
      clearTimeout(retry);
      controller.abort();
    };
  }, [kind, text, path, attempt, first]);

  return { ...lint, pending: text !== '' && lint.text !== text };
}
