import { IconSelector } from '@tabler/icons-react';
import { type AgentSearch, SORTS, type Sort, sortOf } from '../search';
import classes from './list.module.css';

const names: Record<Sort, string> = {
  relevance: 'Best match',
  '-updated_at': 'Last updated',
  updated_at: 'Longest not updated',
  '-created_at': 'Newest',
  created_at: 'Oldest',
  name: 'Name',
  '-name': 'Name, from the end',
  '-description_tokens': 'Most tokens',
  description_tokens: 'Fewest tokens',
  '-errors': 'Most errors',
  errors: 'Fewest errors',
};

interface SortSelectProps {
  search: AgentSearch;
  onChange: (sort: Sort) => void;
}

/** The order of the cards: they have no headers to click. */
export function SortSelect({ search, onChange }: SortSelectProps) {
  return (
    <span className={classes.order}>
      <select
        aria-label="Sort by"
        value={sortOf(search)}
        onChange={({ currentTarget }) => {
          const sort = SORTS.find((one) => one === currentTarget.value);
          if (sort) onChange(sort);
        }}
      >
        {SORTS.filter((sort) => sort !== 'relevance' || search.q).map((sort) => (
          <option key={sort} value={sort}>
            {names[sort]}
          </option>
        ))}
      </select>
      <IconSelector size={15} stroke={1.7} aria-hidden />
    </span>
  );
}
