import { NativeSelect } from '@mantine/core';
import { useUser } from '@/lib/use-session';
import classes from './upload.module.css';

/** The teams that this person may import into, their own first choice. */
export function useImportTeams() {
  const user = useUser();
  const teams = user?.teams.filter(({ role }) => role !== 'viewer') ?? [];
  const own = teams.find(({ is_personal }) => is_personal) ?? teams[0];
  return { teams, own: own?.slug ?? '' };
}

interface TeamFieldProps {
  value: string;
  onChange: (slug: string) => void;
  disabled: boolean;
  error: string | undefined;
}

export function TeamField({ value, onChange, disabled, error }: TeamFieldProps) {
  const { teams } = useImportTeams();
  return (
    <NativeSelect
      label="Into the team"
      className={classes.team ?? ''}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      disabled={disabled}
      error={error}
      data={teams.map(({ slug, name, is_personal }) => ({
        value: slug,
        label: is_personal ? `${name} (your own)` : name,
      }))}
    />
  );
}
