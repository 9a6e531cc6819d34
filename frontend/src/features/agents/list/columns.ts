/** Which columns the tables show beside the name: one choice for all lists of a browser. */
import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';
import type { Kind } from '@/features/kinds/kinds';

export const COLUMNS = {
  team: 'Team',
  labels: 'Labels',
  model: 'Model',
  licence: 'Licence',
  visibility: 'Visibility',
  tokens: 'Tokens',
  updated: 'Updated',
} as const;
export type Column = keyof typeof COLUMNS;
export type Columns = ReadonlySet<Column>;

const NAMES = Object.keys(COLUMNS) as Column[];
const USUAL: Column[] = ['team', 'labels', 'model', 'tokens', 'updated'];

/** What was kept, or what a newer version or a person put there. */
export function readColumns(text: string | undefined): Column[] {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    if (Array.isArray(kept)) return NAMES.filter((name) => kept.includes(name));
  } catch {
    // as if nothing had been kept
  }
  return USUAL;
}

/** Those that say something of this kind. */
export const columnsOf = (kind: Kind) =>
  NAMES.filter((name) => name !== 'model' || kind.facets.includes('model'));

export function useColumns(kind: Kind) {
  const [chosen, setChosen] = useLocalStorage<Column[]>({
    key: 'roster-list-columns',
    defaultValue: USUAL,
    deserialize: readColumns,
    getInitialValueInEffect: false,
  });
  const shown: Columns = useMemo(() => {
    const possible = columnsOf(kind);
    return new Set(chosen.filter((name) => possible.includes(name)));
  }, [chosen, kind]);
  const toggle = (column: Column) =>
    setChosen((now) =>
      now.includes(column)
        ? now.filter((one) => one !== column)
        : NAMES.filter((one) => one === column || now.includes(one)),
    );
  return { shown, toggle };
}
