import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import classes from './audit.module.css';
import { type AuditFilter, type AuditSearch, withFilter } from './search';
import { ACTIONS } from './words';

const actions = [
  { value: '', label: 'Every action' },
  ...ACTIONS.map((action) => ({ value: action, label: action })),
];

interface AuditFiltersProps {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

export function AuditFilters({ search, onSearch }: AuditFiltersProps) {
  const set = (filter: AuditFilter, value: string) =>
    onSearch(withFilter(search, filter, value));
  const known = !search.action || ACTIONS.includes(search.action);
  return (
    <form
      className={classes.filters}
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <NativeSelect
        label="Action"
        data={
          known
            ? actions
            : [...actions, { value: search.action ?? '', label: search.action ?? '' }]
        }
        value={search.action ?? ''}
        onChange={({ currentTarget }) => set('action', currentTarget.value)}
      />
      <TextFilter
        label="Who"
        placeholder="User name"
        value={search.actor ?? ''}
        onChange={(value) => set('actor', value)}
      />
      <TextFilter
        label="Target"
        placeholder="Its name or id"
        value={search.target ?? ''}
        onChange={(value) => set('target', value)}
      />
      <TextInput
        label="From"
        type="date"
        value={search.since ?? ''}
        onChange={({ currentTarget }) => set('since', currentTarget.value)}
      />
      <TextInput
        label="To"
        type="date"
        value={search.until ?? ''}
        onChange={({ currentTarget }) => set('until', currentTarget.value)}
      />
      {Object.keys(search).length > 0 && (
        <Button variant="subtle" color="gray" onClick={() => onSearch({})}>
          Clear
        </Button>
      )}
    </form>
  );
}

interface TextFilterProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** Asks when the typing is done: on Enter, or when the field is left. */
function TextFilter({ label, placeholder, value, onChange }: TextFilterProps) {
  const [text, setText] = useState(value);
  const shown = useRef(value);
  useEffect(() => {
    if (shown.current !== value) setText(value);
    shown.current = value;
  }, [value]);
  const send = () => {
    if (text.trim() !== value) onChange(text);
  };
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={send}
      onKeyDown={({ key }) => {
        if (key === 'Enter') send();
      }}
    />
  );
}
