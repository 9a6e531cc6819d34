import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useDelayedText } from '@/lib/use-delayed-text';
import classes from './admin.module.css';

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
}

/** Types at once, asks a moment later; follows the address when that changes. */
export function SearchField({ value, onChange }: SearchFieldProps) {
  const { text, type } = useDelayedText(value, onChange);
  return (
    <TextInput
      type="search"
      className={classes.search ?? ''}
      aria-label="Search users"
      placeholder="Name or e-mail"
      maxLength={200}
      leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}
