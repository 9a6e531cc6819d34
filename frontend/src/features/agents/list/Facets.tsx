import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import type { Facets as FacetCounts, FacetValue, Worst } from '@/api/types';
import type { Kind } from '@/features/kinds/kinds';
import { useUser } from '@/lib/use-session';
import { severities } from '@/ui/severity';
import { Check } from '../Check';
import {
  type AgentSearch,
  FACET_TITLES,
  type FacetName,
  facetsOf,
  valuesOf,
} from '../search';
import classes from './facets.module.css';
import { wordOf } from './words';

const numbers = new Intl.NumberFormat('en');
const FEW = 6;
const levels = Object.keys(severities);

export interface FacetsProps {
  kind: Kind;
  search: AgentSearch;
  counts: FacetCounts | undefined;
  onToggle: (facet: FacetName, value: string) => void;
  onDeleted: (deleted: boolean) => void;
}

export function Facets({ kind, search, counts, onToggle, onDeleted }: FacetsProps) {
  const id = useId();
  // Nobody else has teams that take components from repositories.
  const asked = useUser() ? uncounted : {};
  return (
    <div className={classes.facets}>
      {facetsOf(kind).map((facet) => (
        <FacetGroup
          key={facet}
          facet={facet}
          chosen={valuesOf(search, facet)}
          values={
            // `latest` is on every agent.
            facet === 'label'
              ? counts?.label.filter(({ value }) => value !== 'latest')
              : counts && (asked[facet] ?? valuesIn(counts, facet))
          }
          onToggle={(value) => onToggle(facet, value)}
        />
      ))}
      <label htmlFor={id} className={`${classes.value} ${classes.deleted}`}>
        <Check
          id={id}
          checked={search.deleted ?? false}
          onChange={({ currentTarget }) => onDeleted(currentTarget.checked)}
        />
        <span>Deleted ones only</span>
      </label>
      {counts?.complete === false && (
        <p className={classes.note}>
          Counted among the {numbers.format(counts.counted)} that were updated last.
        </p>
      )}
    </div>
  );
}

/** The kinds differ in what they count. */
const valuesIn = (counts: FacetCounts, facet: FacetName) =>
  (counts as unknown as Partial<Record<FacetName, FacetValue[]>>)[facet] ?? [];

/** What is asked for rather than counted. */
const uncounted: Partial<Record<FacetName, Choice[]>> = {
  upstream: [{ value: 'available' }, { value: 'any' }],
};

type Choice = Omit<FacetValue, 'count'> & { count?: number };

interface GroupProps {
  facet: FacetName;
  chosen: string[];
  values: Choice[] | undefined;
  onToggle: (value: string) => void;
}

function FacetGroup({ facet, chosen, values, onToggle }: GroupProps) {
  const [all, setAll] = useState(false);
  const id = useId();
  if (!values) return <GroupSkeleton title={FACET_TITLES[facet]} />;
  const shown = ordered(facet, chosen, values);
  // Nothing to choose where nothing was ever deprecated.
  if (facet === 'deprecated' && !shown.some(({ value }) => value === 'true'))
    return null;
  if (shown.length === 0) return null;
  const few = all ? shown : shown.filter((_, index) => index < FEW || isChosen(index));
  function isChosen(index: number) {
    return chosen.includes(shown[index]?.value ?? '');
  }
  return (
    <fieldset className={classes.group}>
      <legend>{FACET_TITLES[facet]}</legend>
      {few.map(({ value, count }) => (
        <label key={value} htmlFor={`${id}${value}`} className={classes.value}>
          <Check
            id={`${id}${value}`}
            checked={chosen.includes(value)}
            onChange={() => onToggle(value)}
          />
          <span
            className={facet === 'tool' ? `mono ${classes.name}` : classes.name}
            title={value}
          >
            {facet === 'health' ? (
              <HealthWord level={value as Worst} />
            ) : (
              wordOf(facet, value)
            )}
          </span>
          <span className={`tabular ${classes.count}`}>{count}</span>
        </label>
      ))}
      {shown.length > FEW && (
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          className={classes.more ?? ''}
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${shown.length}`}
        </Button>
      )}
    </fieldset>
  );
}

/** A chosen value stays to be unchosen, also when nothing has it any more. */
function ordered(facet: FacetName, chosen: string[], values: readonly Choice[]) {
  const missing = chosen
    .filter((value) => !values.some((one) => one.value === value))
    .map((value) => ({ value, count: 0 }));
  const all = [...values, ...missing];
  if (facet !== 'health') return all;
  return all.sort((a, b) => levels.indexOf(a.value) - levels.indexOf(b.value));
}

function HealthWord({ level }: { level: Worst }) {
  const { icon: Icon, word } = severities[level];
  return (
    <span className={classes.level}>
      <Icon size={14} stroke={1.8} data-severity={level} aria-hidden />
      {word}
    </span>
  );
}

function GroupSkeleton({ title }: { title: string }) {
  return (
    <div className={classes.group} aria-hidden="true">
      <div className={classes.legend}>{title}</div>
      {['58%', '72%', '44%'].map((width) => (
        <div key={width} className={classes.value}>
          <span className={classes.bar} style={{ width }} />
        </div>
      ))}
    </div>
  );
}
