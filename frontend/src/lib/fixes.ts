import type { Fix } from '@/api/types';

/** Index in UTF-16 units of the n-th code point. */
export function codePointIndex(text: string, points: number): number {
  let index = 0;
  for (let left = points; left > 0 && index < text.length; left--) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}

/** The text with the edits of these fixes; overlapping edits are refused. */
export function applyFixes(text: string, fixes: readonly Fix[]): string {
  const edits = fixes
    .flatMap((fix) => fix.edits)
    .map(({ start, end, text: insert }) => ({
      from: codePointIndex(text, start),
      to: codePointIndex(text, end),
      insert,
    }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let result = '';
  let at = 0;
  for (const { from, to, insert } of edits) {
    if (from < at) throw new RangeError('These fixes overlap');
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

/** The one replacement that turns `before` into `after`, as small as possible. */
export function replacement(before: string, after: string) {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before[from] === after[from]) from++;
  let tail = 0;
  while (
    tail < shorter - from &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  return {
    from,
    to: before.length - tail,
    insert: after.slice(from, after.length - tail),
  };
}
