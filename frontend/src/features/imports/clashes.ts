import type { ImportFile } from './types';
import { keyOf, nameOf } from './use-decide';

/** One name and the files that want it. */
export interface Clash {
  /** Of its kind and name: an agent and a skill may have the same. */
  key: string;
  name: string;
  files: ImportFile[];
  /** Reference of the deleted component that holds the name. */
  deleted: string | null;
  /** How it was settled, as a sentence; null while it is open. */
  settled: string | null;
}

export function clashesOf(files: readonly ImportFile[]): Clash[] {
  const byKey = new Map<string, ImportFile[]>();
  for (const file of files) {
    const key = keyOf(file);
    byKey.set(key, [...(byKey.get(key) ?? []), file]);
  }
  return [...byKey].map(([key, group]) => ({
    key,
    name: group.map(nameOf)[0] ?? '',
    files: group,
    deleted:
      group
        .flatMap(({ clash_with }) => clash_with)
        .find(({ reference }) => reference !== null)?.reference ?? null,
    settled: group.every(({ decision }) => decision === 'skip')
      ? 'All of these are skipped.'
      : null,
  }));
}

/** What was seen in this visit, as it is now; settled ones stay where they were. */
export function mergeClashes(seen: readonly Clash[], now: readonly Clash[]): Clash[] {
  const present = new Set(now.map(({ key }) => key));
  const settled = seen.filter(({ key }) => !present.has(key));
  return [...settled, ...now].sort((a, b) => (a.key < b.key ? -1 : 1));
}
