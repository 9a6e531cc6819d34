import type { ImportFile } from './types';
import { nameOf } from './use-decide';

/** One name and the files that want it. */
export interface Clash {
  name: string;
  files: ImportFile[];
  /** Reference of the deleted component that holds the name. */
  deleted: string | null;
  /** How it was settled, as a sentence; null while it is open. */
  settled: string | null;
}

export function clashesOf(files: readonly ImportFile[]): Clash[] {
  const byName = new Map<string, ImportFile[]>();
  for (const file of files) {
    const name = nameOf(file);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return [...byName].map(([name, group]) => ({
    name,
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
  const present = new Map(now.map((clash) => [clash.name, clash]));
  const settled = seen.filter(({ name }) => !present.has(name));
  return [...settled, ...now].sort((a, b) => (a.name < b.name ? -1 : 1));
}
