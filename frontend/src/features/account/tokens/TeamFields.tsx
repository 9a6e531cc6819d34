import { Checkbox, Radio, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useUser } from '@/lib/use-session';
import classes from '../account.module.css';

interface Reach {
  /** All of the person's teams, or those that are chosen. */
  reach: string;
  teams: string[];
}

/** Where a token works: in all teams of the person, or in some. */
export function TeamFields<Values extends Reach>({
  form,
}: {
  form: UseFormReturnType<Values>;
}) {
  const user = useUser();
  return (
    <>
      <Radio.Group label="Where" {...form.getInputProps('reach')}>
        <Stack gap="xs" mt={6}>
          <Radio size="sm" value="all" label="All your teams, later ones too" />
          <Radio size="sm" value="chosen" label="Only these teams" />
        </Stack>
      </Radio.Group>
      {form.values.reach === 'chosen' && (
        <Checkbox.Group
          aria-label="Teams"
          className={classes.teams ?? ''}
          {...form.getInputProps('teams')}
        >
          <Stack gap="xs">
            {user?.teams.map(({ id, slug, name }) => (
              <Checkbox
                key={id}
                size="sm"
                value={slug}
                label={name === slug ? slug : `${name} (${slug})`}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </>
  );
}

export const oneTeam = (teams: string[], { reach }: Reach) =>
  reach === 'all' || teams.length > 0 ? null : 'Choose one at least';
