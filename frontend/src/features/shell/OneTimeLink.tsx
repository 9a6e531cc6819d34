import { Button, Group, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './confirm.module.css';

interface OneTimeLinkProps {
  link: string;
  /** What it is: "invitation link". */
  what: string;
  hint: string;
  onDone: () => void;
}

/** A link that works once and is shown once. */
export function OneTimeLink({ link, what, hint, onDone }: OneTimeLinkProps) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  return (
    <div className={classes.form}>
      <TextInput
        readOnly
        label={`The ${what}`}
        description={`It is shown only now, and works once. ${hint}`}
        classNames={{ input: 'mono' }}
        value={link}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <Group justify="flex-end" gap="xs">
        <Button onClick={onDone}>Done</Button>
        <Button
          variant="filled"
          data-autofocus
          leftSection={
            copied ? (
              <IconCheck size={16} aria-hidden />
            ) : (
              <IconCopy size={16} stroke={1.7} aria-hidden />
            )
          }
          onClick={() => copy(link)}
        >
          {copied ? 'Copied' : 'Copy link'}
        </Button>
      </Group>
    </div>
  );
}
