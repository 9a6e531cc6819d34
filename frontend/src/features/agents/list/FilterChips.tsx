import { IconX } from '@tabler/icons-react';
import type { Kind } from '@/features/kinds/kinds';
import { type AgentSearch, type FacetName, facetsOf, valuesOf } from '../search';
import classes from './list.module.css';
import { facetWord, wordOf } from './words';

interface FilterChipsProps {
  search: AgentSearch;
  kind: Kind;
  onRemove: (facet: FacetName, value: string) => void;
  onClear: () => void;
}

/** What the list is narrowed by, each with a way out. */
export function FilterChips({ kind, search, onRemove, onClear }: FilterChipsProps) {
  const chips = facetsOf(kind).flatMap((facet) =>
    valuesOf(search, facet).map((value) => ({ facet, value })),
  );
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label="Active filters">
      {chips.map(({ facet, value }) => (
        <li key={`${facet}:${value}`}>
          <button
            type="button"
            className={classes.chip}
            onClick={() => onRemove(facet, value)}
            aria-label={`Remove filter ${facetWord(facet)} ${wordOf(facet, value)}`}
          >
            <span className={classes.chipFacet}>{facetWord(facet)}</span>
            {wordOf(facet, value)}
            <IconX size={12} stroke={2} aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={classes.clear} onClick={onClear}>
          Clear filters
        </button>
      </li>
    </ul>
  );
}
