import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Kbd } from '@/ui/Kbd';
import classes from './list.module.css';

const DELAY_MS = 200;

interface SearchBoxProps {
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

/** Types at once, asks a moment later; follows the address when that changes. */
export function SearchBox({ value, onChange, inputRef }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(onChange);
  latest.current = onChange;

  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    clearTimeout(timer.current);
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (next: string) => {
    clearTimeout(timer.current);
    sent.current = next.trim() ? next : '';
    latest.current(next);
  };
  return (
    <TextInput
      ref={inputRef}
      type="search"
      className={classes.search ?? ''}
      aria-label="Search these agents"
      placeholder="Name, description or text"
      maxLength={500}
      leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
      rightSection={text ? null : <Kbd>/</Kbd>}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(send, DELAY_MS, currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send(text);
        if (event.key !== 'Escape') return;
        if (text) {
          setText('');
          send('');
        } else event.currentTarget.blur();
      }}
    />
  );
}
