/** Which files of a preview are to be applied now; the others stay to be decided. */
import type { ImportFile, ImportOutcome, ImportPublic } from './types';
import { importable } from './wording';

export interface Chosen {
  /** Groups that are taken whole. */
  groups: ReadonlySet<ImportOutcome>;
  /** Single files of other groups, each with the group that it was in. */
  files: ReadonlyMap<string, ImportOutcome>;
}

type One = Pick<ImportFile, 'id' | 'outcome'>;

export const nothing: Chosen = { groups: new Set(), files: new Map() };

export const isChosen = ({ groups, files }: Chosen, { id, outcome }: One) =>
  groups.has(outcome) || files.has(id);

export function chooseGroup(chosen: Chosen, outcome: ImportOutcome): Chosen {
  const files = [...chosen.files].filter(([, group]) => group !== outcome);
  return { groups: new Set([...chosen.groups, outcome]), files: new Map(files) };
}

export function dropGroup(chosen: Chosen, outcome: ImportOutcome): Chosen {
  const groups = [...chosen.groups].filter((one) => one !== outcome);
  const files = [...chosen.files].filter(([, group]) => group !== outcome);
  return { groups: new Set(groups), files: new Map(files) };
}

export const chooseFiles = (chosen: Chosen, more: readonly One[]): Chosen => ({
  ...chosen,
  files: new Map([
    ...chosen.files,
    ...more
      .filter(({ outcome }) => !chosen.groups.has(outcome))
      .map(({ id, outcome }) => [id, outcome] as const),
  ]),
});

export function dropFiles(chosen: Chosen, ids: readonly string[]): Chosen {
  const gone = new Set(ids);
  const files = [...chosen.files].filter(([id]) => !gone.has(id));
  return { ...chosen, files: new Map(files) };
}

/** How many files of a group, or of all, are chosen. */
export function chosenCount(
  { groups, files }: Chosen,
  open: ImportPublic['open'],
  within: readonly ImportOutcome[] = importable,
): number {
  const single = [...files.values()].filter((group) => within.includes(group)).length;
  const whole = within.filter((group) => groups.has(group));
  return whole.reduce((sum, group) => sum + open[group], single);
}

export const openFiles = (open: ImportPublic['open']) =>
  importable.reduce((sum, group) => sum + open[group], 0);

/** Files that somebody must decide first: all of them, or those that are chosen. */
export const blocking = <T extends One>(
  files: readonly T[],
  chosen: Chosen | null,
): T[] => files.filter((file) => chosen === null || isChosen(chosen, file));

export interface ApplyRequest {
  ids?: string[];
  outcome?: ImportOutcome[];
}

/** What to ask of the server: by group while only whole groups are chosen. */
export async function requestOf(
  chosen: Chosen,
  filesOf: (groups: ImportOutcome[]) => Promise<readonly Pick<ImportFile, 'id'>[]>,
): Promise<ApplyRequest> {
  const groups = [...chosen.groups];
  const single = [...chosen.files.keys()];
  if (groups.length === 0) return { ids: single };
  if (single.length === 0) return { outcome: groups };
  const whole = await filesOf(groups);
  return { ids: [...new Set([...whole.map(({ id }) => id), ...single])] };
}
