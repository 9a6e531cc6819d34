import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ComponentPublic, Visibility } from '@/api/types';
import { toastDone } from '@/ui/toast';
import { setVisibility } from '../changes';
import { Dialog } from '../Dialog';
import { ChangeError } from './ChangeError';
import { useChange } from './use-change';

const choices: { value: Visibility; label: string; description: string }[] = [
  {
    value: 'private',
    label: 'Private',
    description: 'Only the members of the team see it.',
  },
  {
    value: 'internal',
    label: 'Internal',
    description: 'Everyone who is signed in sees it.',
  },
  {
    value: 'public',
    label: 'Public',
    description: 'Also people without an account, where this instance allows it.',
  },
];

interface VisibilityDialogProps {
  agent: ComponentPublic;
  onClose: () => void;
}

export function VisibilityDialog({ agent, onClose }: VisibilityDialogProps) {
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

function ChangeErrorBelow(props: { error: Error; agent: ComponentPublic }) {
  return (
    <Stack mt="md">
      <ChangeError {...props} />
    </Stack>
  );
}
