/** Three-way merge by lines: what only one side changed is taken by itself. */
import { diff3Merge } from 'node-diff3';

export type Choice = 'mine' | 'theirs' | 'both';

export type Region =
  | { kind: 'settled'; text: string }
  /** Both sides changed the same lines. */
  | { kind: 'clash'; mine: string; theirs: string; base: string };

/** With their line breaks, so that joining gives back the very same text. */
const linesOf = (text: string) => text.split(/(?<=\n)/);

export function mergeRegions(mine: string, base: string, theirs: string): Region[] {
  const regions = diff3Merge<string>(linesOf(mine), linesOf(base), linesOf(theirs), {
    excludeFalseConflicts: true,
  });
  return regions.flatMap(({ ok, conflict }): Region[] => {
    if (ok) return [{ kind: 'settled', text: ok.join('') }];
    if (!conflict) return [];
    return [
      {
        kind: 'clash',
        mine: conflict.a.join(''),
        theirs: conflict.b.join(''),
        base: conflict.o.join(''),
      },
    ];
  });
}

export const clashesOf = (regions: readonly Region[]) =>
  regions.filter((region) => region.kind === 'clash');

/** `choices` in the order of the clashes; mine where none is made. */
export function composeMerge(
  regions: readonly Region[],
  choices: readonly Choice[] = [],
): string {
  let clash = 0;
  const parts = regions.map((region) => {
    if (region.kind === 'settled') return region.text;
    const choice = choices[clash++] ?? 'mine';
    return choice === 'both' ? bothOf(region.mine, region.theirs) : region[choice];
  });
  return parts.join('');
}

/** Mine above theirs; a last line without a break must not run into the next. */
function bothOf(mine: string, theirs: string): string {
  if (!mine || !theirs || mine.endsWith('\n')) return mine + theirs;
  return `${mine}\n${theirs}`;
}
