/** The log of a job as far as it is known: without holes, from some line on. */
import type { JobLine } from './types';

export interface JobLog {
  lines: JobLine[];
  /** It was read; else these lines are only what was told meanwhile. */
  isRead: boolean;
}

export const UNREAD: JobLog = { lines: [], isRead: false };

/** Of a long log only its end is read at first. */
export const TAIL = 1_000;
export const EARLIER = 500;

/** Adds lines that may be known already, in the order of their numbers. */
export function addLines(log: JobLog, more: readonly JobLine[]): JobLog {
  const { lines } = log;
  const last = lines.at(-1)?.number ?? 0;
  if (more.every(({ number }, index) => number > (more[index - 1]?.number ?? last)))
    return { ...log, lines: [...lines, ...more] };
  const byNumber = new Map(lines.map((line) => [line.number, line]));
  for (const line of more) byNumber.set(line.number, line);
  return { ...log, lines: [...byNumber.values()].sort((a, b) => a.number - b.number) };
}

/** The number of the last line before which none is missing. */
export function knownUntil({ lines }: Pick<JobLog, 'lines'>): number {
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
  const begun = log?.isRead && log.lines.length > 0;
  const more = await read(begun ? knownUntil(log) : Math.max(0, count - TAIL));
  return { ...addLines(known() ?? UNREAD, more), isRead: true };
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
