import { Button, Group, Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { instanceQuery } from '@/api/queries';
import type { Published, Visibility } from '@/api/types';
import { toastDone } from '@/ui/toast';
import { setVisibility } from '../changes';
import { Dialog } from '../Dialog';
import { ChangeError } from './ChangeError';
import { useChange } from './use-change';

interface Choice {
  value: Visibility;
  label: string;
  description: string;
}

/** Public is as internal as long as the instance has no readers without an account. */
const choicesFor = (team: string, publicRead: boolean): Choice[] => [
  {
    value: 'private',
    label: 'Private',
    description: `Only the members of ${team} see it.`,
  },
  {
    value: 'internal',
    label: 'Internal',
    description: 'Everyone who is signed in sees it.',
  },
  {
    value: 'public',
    label: 'Public',
    description: publicRead
      ? 'Everybody sees it, also without an account.'
      : 'As internal, for now: this instance shows nothing to people without an account.',
  },
];

interface VisibilityDialogProps {
  agent: Published;
  onClose: () => void;
}

export default function VisibilityDialog({ agent, onClose }: VisibilityDialogProps) {
  const { data: instance } = useQuery(instanceQuery);
  const choices = choicesFor(agent.team.name, instance?.public_read ?? false);
  const [value, setValue] = useState<string>(agent.visibility);
  const change = useChange(
    (visibility: Visibility) => setVisibility(agent, visibility),
    (_, visibility) => {
      toastDone(`${agent.name} is ${visibility} now`);
      onClose();
    },
  );
  return (
    <Dialog onClose={onClose} title={`Who sees ${agent.name}?`}>
      <Radio.Group value={value} onChange={setValue} aria-label="Visibility">
        <Stack gap="sm">
          {choices.map((choice) => (
            <Radio key={choice.value} size="sm" {...choice} />
          ))}
        </Stack>
      </Radio.Group>
      {change.error && <ChangeErrorBelow error={change.error} agent={agent} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="filled"
          disabled={value === agent.visibility}
          loading={change.isPending}
          onClick={() => change.mutate(value as Visibility)}
        >
          Change visibility
        </Button>
      </Group>
    </Dialog>
  );
}

function ChangeErrorBelow(props: { error: Error; agent: Published }) {
  return (
    <Stack mt="md">
      <ChangeError {...props} />
    </Stack>
  );
}
