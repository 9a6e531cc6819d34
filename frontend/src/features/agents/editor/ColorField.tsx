import { Autocomplete } from '@mantine/core';
import classes from './editor.module.css';
import { INSIDE } from './inside';

const COLORS = ['red', 'blue', 'green', 'yellow', 'purple', 'orange', 'pink', 'cyan'];

interface ColorFieldProps {
  value: string;
  onChange: (value: string) => void;
}

function Swatch({ name }: { name: string }) {
  const known = COLORS.includes(name);
  return (
    <span className={classes.swatch} data-color={known ? name : 'none'} aria-hidden />
  );
}

/** The colour that tools show the agent in. */
export function ColorField({ value, onChange }: ColorFieldProps) {
  return (
    <Autocomplete
      comboboxProps={INSIDE}
      label="Colour"
      description="How tools show it in their lists."
      placeholder="None"
      classNames={{ label: classes.label ?? '' }}
      size="sm"
      data={COLORS}
      leftSection={<Swatch name={value} />}
      renderOption={({ option }) => (
        <>
          <Swatch name={option.value} /> {option.value}
        </>
      )}
      value={value}
      onChange={onChange}
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
