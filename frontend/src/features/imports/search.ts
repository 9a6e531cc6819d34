import type { ImportOutcome } from '@/api/types';
import { isOutcome, type ResultName, resultNames } from './wording';

/** What of an import the address shows. */
export interface ImportSearch {
  group?: ImportOutcome;
  /** Of a report. */
  result?: ResultName;
}

export function readImportSearch(search: Record<string, unknown>): ImportSearch {
  const result = resultNames.find((name) => name === search.result);
  return {
    ...(isOutcome(search.group) ? { group: search.group } : {}),
    ...(result ? { result } : {}),
  };
}
