/** The loss report, in the order in which a person wants to hear of it. */
import type { ExportNote, ExportPreview, Fate } from '@/api/types';

export const FATES = ['dropped', 'approximated', 'renamed', 'kept'] as const;

/** The same thing said of some components. */
export interface Reason {
  key: string;
  field: string | null;
  becomes: string | null;
  why: string;
  notes: ExportNote[];
}

export interface Group {
  fate: Fate;
  /** How many notes there are, over all reasons. */
  count: number;
  reasons: Reason[];
}

/** Notes by their fates, what is said of most components first; empty ones left out. */
export function grouped(notes: readonly ExportNote[]): Group[] {
  return FATES.map((fate) => {
    const found = new Map<string, Reason>();
    const own = notes.filter((note) => note.fate === fate);
    for (const note of own) {
      const { field = null, becomes = null, why } = note;
      const key = JSON.stringify([field, becomes, why]);
      const reason = found.get(key) ?? { key, field, becomes, why, notes: [] };
      reason.notes.push(note);
      found.set(key, reason);
    }
    const reasons = [...found.values()].sort((a, b) => b.notes.length - a.notes.length);
    return { fate, count: own.length, reasons };
  }).filter(({ count }) => count > 0);
}

export const isLoss = ({ fate }: Pick<ExportNote, 'fate'>) =>
  fate === 'dropped' || fate === 'approximated';

/** How many of its losses are in each file. */
export function lossesByFile({ notes }: Pick<ExportPreview, 'notes'>) {
  const counts = new Map<string, number>();
  for (const note of notes) {
    if (note.path && isLoss(note)) {
      counts.set(note.path, (counts.get(note.path) ?? 0) + 1);
    }
  }
  return counts;
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

export const lossText = (losses: number) =>
  losses === 0 ? 'Nothing lost' : losses === 1 ? '1 loss' : `${losses} losses`;
