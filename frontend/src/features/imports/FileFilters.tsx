import { NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useDelayedText } from '@/lib/use-delayed-text';
import classes from './imports.module.css';
import type { ImportSearch } from './search';
import type { ImportPublic } from './types';
import { kindWords } from './wording';

interface FileFiltersProps {
  of: ImportPublic;
  search: ImportSearch;
  onSearch: (search: ImportSearch) => void;
}

/** Narrows the files of a group; the address keeps it. */
export function FileFilters({ of, search, onSearch }: FileFiltersProps) {
  const { q: _q, kind: _kind, ...rest } = search;
  const narrow = (change: { q: string; kind: string }) =>
    onSearch({
      ...rest,
      ...(change.q.trim() ? { q: change.q.trim() } : {}),
      ...(change.kind ? { kind: change.kind } : {}),
    });
  const kind = search.kind ?? '';
  const { text, type, send } = useDelayedText(search.q ?? '', (q) =>
    narrow({ q, kind }),
  );
  const kinds = Object.entries(of.headline.components);
  return (
    <search className={classes.filters}>
      <TextInput
        type="search"
        aria-label="Search these files"
        placeholder="Path or name"
        maxLength={200}
        leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
        value={text}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') send(text);
          if (key === 'Escape') send('');
        }}
      />
      {(kinds.length > 1 || kind) && (
        <NativeSelect
          aria-label="Kind"
          value={kind}
          onChange={({ currentTarget }) =>
            narrow({ q: text, kind: currentTarget.value })
          }
          data={[
            { value: '', label: 'Every kind' },
            ...kinds.map(([value, many]) => ({ value, label: kindWords(value, many) })),
          ]}
        />
      )}
    </search>
  );
}
