import { useMemo, useState } from 'react';
import type { Instance } from '@/api/types';
import type { Source } from './collect';
import { addSources, select } from './selection';

/** What has been chosen so far, checked against what the instance takes. */
export function useSources(limits: Instance['limits'] | undefined) {
  const [sources, setSources] = useState<Source[]>([]);
  const selection = useMemo(() => select(sources, limits), [sources, limits]);
  return {
    sources,
    selection,
    add: (more: readonly Source[]) => setSources((before) => addSources(before, more)),
    remove: (id: string) =>
      setSources((before) => before.filter((source) => source.id !== id)),
    clear: () => setSources([]),
  };
}
