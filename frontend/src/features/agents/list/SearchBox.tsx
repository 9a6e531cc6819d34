import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { RefObject } from 'react';
import type { Kind } from '@/features/kinds/kinds';
import { useDelayedText } from '@/lib/use-delayed-text';
import { Kbd } from '@/ui/Kbd';
import classes from './list.module.css';

interface SearchBoxProps {
  kind: Kind;
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** Types at once, asks a moment later; follows the address when that changes. */
export function SearchBox({ kind, value, onChange, inputRef }: SearchBoxProps) {
  const { text, type, send } = useDelayedText(value, onChange);
  return (
    <TextInput
      ref={inputRef}
      type="search"
      className={classes.search ?? ''}
      aria-label={`Search these ${kind.labels.toLowerCase()}`}
      placeholder="Name, description or text"
      maxLength={500}
      leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
      rightSection={text ? null : <Kbd>/</Kbd>}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send(text);
        if (event.key !== 'Escape') return;
        if (text) send('');
        else event.currentTarget.blur();
      }}
    />
  );
}
