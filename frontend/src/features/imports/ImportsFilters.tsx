import { NativeSelect } from '@mantine/core';
import type { ImportsPageProps } from './ImportsPage';
import classes from './list.module.css';
import { STATES } from './search';
import { useImportTeams } from './TeamField';
import { stateWords } from './wording';

/** Whose imports, and in which state; the address keeps both. */
export function ImportsFilters({ search, onSearch }: ImportsPageProps) {
  const { teams } = useImportTeams();
  const { team, state } = search;
  const known = teams.some(({ slug }) => slug === team);
  return (
    <form
      className={classes.filters}
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <NativeSelect
        label="Whose"
        value={team ?? ''}
        data={[
          { value: '', label: 'Yours, in every team' },
          ...teams.map(({ slug, name }) => ({
            value: slug,
            label: `Everybody’s in ${name}`,
          })),
          ...(team && !known ? [{ value: team, label: team }] : []),
        ]}
        onChange={({ currentTarget }) => {
          const { team: _, ...rest } = search;
          const { value } = currentTarget;
          onSearch(value ? { ...rest, team: value } : rest);
        }}
      />
      <NativeSelect
        label="State"
        value={state ?? ''}
        data={[
          { value: '', label: 'Every state' },
          ...STATES.map((value) => ({ value, label: stateWords[value] })),
        ]}
        onChange={({ currentTarget }) => {
          const { state: _, ...rest } = search;
          const chosen = STATES.find((one) => one === currentTarget.value);
          onSearch(chosen ? { ...rest, state: chosen } : rest);
        }}
      />
    </form>
  );
}
