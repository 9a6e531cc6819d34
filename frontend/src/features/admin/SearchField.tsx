import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import classes from './admin.module.css';

const DELAY_MS = 200;

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
}

/** Types at once, asks a moment later; follows the address when that changes. */
export function SearchField({ value, onChange }: SearchFieldProps) {
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

  return (
    <TextInput
      type="search"
      className={classes.search ?? ''}
      aria-label="Search users"
      placeholder="Name or e-mail"
      maxLength={200}
      leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
      value={text}
      onChange={({ currentTarget: { value: next } }) => {
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          sent.current = next.trim() ? next : '';
          latest.current(next);
        }, DELAY_MS);
      }}
    />
  );
}
