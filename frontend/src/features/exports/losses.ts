/** The loss report, in the order in which a person wants to hear of it. */
import type { ExportNote, ExportPreview, Fate, Weight } from '@/api/types';

/** Losses by how much they matter, and the rest by what became of it. */
export const SORTS = ['serious', 'notable', 'slight', 'renamed', 'kept'] as const;
export type Sort = (typeof SORTS)[number];

/** The same thing said of some components. */
export interface Reason {
  key: string;
  fate: Fate;
  field: string | null;
  becomes: string | null;
  why: string;
  notes: ExportNote[];
}

export interface Group {
  sort: Sort;
  /** How many notes there are, over all reasons. */
  count: number;
  reasons: Reason[];
}

const sortOf = ({ fate, weight }: ExportNote): Sort => {
  if (fate === 'kept' || fate === 'renamed') return fate;
  return weight === 'none' ? 'notable' : weight;
};

/** Notes by what they cost, what is said of most components first; none is empty. */
export function grouped(notes: readonly ExportNote[]): Group[] {
  return SORTS.map((sort) => {
    const found = new Map<string, Reason>();
    const own = notes.filter((note) => sortOf(note) === sort);
    for (const note of own) {
      const { fate, field = null, becomes = null, why } = note;
      const key = JSON.stringify([fate, field, becomes, why]);
      const reason = found.get(key) ?? { key, fate, field, becomes, why, notes: [] };
      reason.notes.push(note);
      found.set(key, reason);
    }
    const reasons = [...found.values()].sort((a, b) => b.notes.length - a.notes.length);
    return { sort, count: own.length, reasons };
  }).filter(({ count }) => count > 0);
}

export const isLoss = ({ fate }: Pick<ExportNote, 'fate'>) =>
  fate === 'dropped' || fate === 'approximated';

/** The weightiest loss of each file that has one. */
export function lossesByFile({ notes }: Pick<ExportPreview, 'notes'>) {
  const worst = new Map<string, Weight>();
  const rank = (sort: string | undefined) => SORTS.findIndex((one) => one === sort);
  for (const note of notes) {
    const before = note.path && worst.get(note.path);
    if (!note.path || !isLoss(note)) continue;
    if (!before || rank(note.weight) < rank(before)) worst.set(note.path, note.weight);
  }
  return worst;
}

export interface ComponentRef {
  kind: string;
  team: string;
  name: string;
  number: number | null;
}

/** "agent:platform/reviewer@3" taken apart; null: it is no component's. */
export function componentOf(reference: string): ComponentRef | null {
  const parts = /^([a-z]+):([^/]+)\/([^@]+)(?:@(\d+))?$/.exec(reference);
  if (!parts) return null;
  const [, kind = '', team = '', name = '', number] = parts;
  return { kind, team, name, number: number ? Number(number) || null : null };
}

export function lossText(losses: number, serious = 0): string {
  if (losses === 0) return 'Nothing lost';
  const word = losses === 1 ? 'loss' : 'losses';
  if (serious === losses) return `${losses} serious ${word}`;
  return serious === 0 ? `${losses} ${word}` : `${losses} ${word}, ${serious} serious`;
}
