import type { Instance } from '@/api/types';
import { type Collected, isArchive, type Source } from './collect';
import { bytes, count, plural } from './wording';

export interface Selection {
  files: Collected[];
  size: number;
  /** Over the limit of one file: not sent. */
  tooLarge: Collected[];
  /** Why this cannot be uploaded; null when it can. */
  problem: string | null;
}

/** Things of the same name replace each other: the later one is meant. */
export function addSources(before: readonly Source[], more: readonly Source[]) {
  const key = ({ kind, name }: Source) => `${kind === 'folder'}:${name}`;
  const replaced = new Set(more.map(key));
  return [...before.filter((source) => !replaced.has(key(source))), ...more];
}

export function select(
  sources: readonly Source[],
  limits: Instance['limits'] | undefined,
): Selection {
  const all = sources.flatMap(({ files }) => files);
  const fits = ({ path, file }: Collected) =>
    !limits || isArchive(path) || file.size <= limits.file_bytes;
  const files = all.filter(fits);
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  return {
    files,
    size,
    tooLarge: all.filter((one) => !fits(one)),
    problem: problemOf(files, size, all.length, limits),
  };
}

function problemOf(
  files: readonly Collected[],
  size: number,
  all: number,
  limits: Instance['limits'] | undefined,
): string | null {
  if (all > 0 && files.length === 0 && limits) {
    return `Nothing is left to upload: a file may have ${bytes(limits.file_bytes)} at most.`;
  }
  if (!limits) return null;
  if (files.length > limits.import_files) {
    return `These are ${plural(files.length, 'file')}, and at most ${count(limits.import_files)} are taken at once. Remove some, or import folder by folder.`;
  }
  if (size > limits.upload_bytes) {
    return `Together these have ${bytes(size)}, and at most ${bytes(limits.upload_bytes)} are taken at once. Remove some, or pack them into an archive.`;
  }
  return null;
}
