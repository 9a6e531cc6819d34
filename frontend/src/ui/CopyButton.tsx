import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export function CopyButton({ text, children }: { text: string; children: ReactNode }) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      leftSection={
        copied ? (
          <IconCheck size={14} aria-hidden />
        ) : (
          <IconCopy size={14} aria-hidden />
        )
      }
      onClick={() => copy(text)}
    >
      {copied ? 'Copied' : children}
    </Button>
  );
}
