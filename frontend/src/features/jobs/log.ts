/** The log of a job as far as it is known: without holes, from some line on. */
import type { JobLine } from './types';

export interface JobLog {
  lines: JobLine[];
}

/** Of a long log only its end is read at first. */
export const TAIL = 1_000;
export const EARLIER = 500;

/** Adds lines that may be known already, in the order of their numbers. */
export function addLines({ lines }: JobLog, more: readonly JobLine[]): JobLog {
  const last = lines.at(-1)?.number ?? 0;
  if (more.every(({ number }, index) => number > (more[index - 1]?.number ?? last)))
    return { lines: [...lines, ...more] };
  const byNumber = new Map(lines.map((line) => [line.number, line]));
  for (const line of more) byNumber.set(line.number, line);
  return { lines: [...byNumber.values()].sort((a, b) => a.number - b.number) };
}

/** The number of the last line before which none is missing. */
export function knownUntil({ lines }: JobLog): number {
  const first = lines[0]?.number ?? 1;
  const last = lines.at(-1)?.number ?? 0;
  if (last - first + 1 === lines.length) return last;
  const hole = lines.findIndex(({ number }, index) => number !== first + index);
  return first + hole - 1;
}

/** What is known together with what came after; `known` may grow meanwhile. */
export async function catchUp(
  known: () => JobLog | undefined,
  count: number,
  read: (after: number) => Promise<JobLine[]>,
): Promise<JobLog> {
  const log = known();
  const after = log?.lines.length ? knownUntil(log) : Math.max(0, count - TAIL);
  const more = await read(after);
  return addLines(known() ?? { lines: [] }, more);
}

/** As it is copied: one line each, the time first. */
export const textOf = (lines: readonly JobLine[]) =>
  lines
    .map(({ created_at, level, message }) =>
      [created_at, ...(level === 'info' ? [] : [level.toUpperCase()]), message].join(
        ' ',
      ),
    )
    .join('\n');
