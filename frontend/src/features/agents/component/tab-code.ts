import { queryOptions } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { OfflineError } from '@/api/problem';
import type { Published } from '@/api/types';
import type { ComponentSearch, Tab } from '../compare';

export interface TabProps {
  agent: Published;
  /** The revision to show. */
  number: number;
  search: ComponentSearch;
}

const loaders: Record<Tab, () => Promise<{ default: ComponentType<TabProps> }>> = {
  read: () => import('./ReadTab'),
  source: () => import('./SourceTab'),
  files: () => import('@/features/files/FilesTab'),
  revisions: () => import('./RevisionsTab'),
  usage: () => import('@/features/usage/UsedByTab'),
  upstream: () => import('@/features/upstreams/UpstreamTab'),
  settings: () => import('@/features/lifecycle/SettingsTab'),
};

/**
 * The code of a tab, as a query: what could not be loaded is tried again on the button
 * and when the server answers again, which a lazy component would never do.
 */
export const tabCode = (tab: Tab) =>
  queryOptions({
    queryKey: ['code', 'agent', tab],
    queryFn: async () => {
      try {
        return await loaders[tab]();
      } catch (cause) {
        if (!navigator.onLine) {
          throw new OfflineError('The server cannot be reached.', { cause });
        }
        const message = 'Its code could not be loaded. If that stays so, reload.';
        throw new Error(message, { cause });
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    retry: false,
  });
