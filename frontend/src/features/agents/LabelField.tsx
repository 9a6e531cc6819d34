import { TextInput } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { kindOf } from '@/features/kinds/kinds';
import classes from './label-field.module.css';
import { agentFacetsQuery } from './queries';

const MANY = 8;

interface LabelFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | null;
  description?: string;
}

/** A label's name, with those that are in use already one click away. */
export function LabelField({ value, onChange, error, description }: LabelFieldProps) {
  const { data: facets } = useQuery(agentFacetsQuery(kindOf('agent'), {}));
  const known = (facets?.label ?? [])
    .map((one) => one.value)
    .filter((name) => name !== 'latest' && name !== value)
    .slice(0, MANY);
  return (
    <div>
      <TextInput
        label="Label"
        description={description}
        placeholder="production"
        autoComplete="off"
        maxLength={64}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        error={error}
        data-autofocus
      />
      {known.length > 0 && (
        <ul className={classes.known} aria-label="Labels in use">
          {known.map((name) => (
            <li key={name}>
              <button
                type="button"
                className={classes.pick}
                onClick={() => onChange(name)}
              >
                <IconTag size={12} stroke={1.8} aria-hidden />
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
