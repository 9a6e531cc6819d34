import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconLink, IconMarkdown } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { readAll } from './queries';
import { reportMarkdown } from './report-markdown';
import type { ImportPublic } from './types';
import { importable } from './wording';

/** The report for others: as a link, or as text for a ticket or a mail. */
export function ShareReport({ of }: { of: ImportPublic }) {
  const link = useClipboard({ timeout: 1500 });
  const text = useClipboard({ timeout: 1500 });
  const address = new URL(`/imports/${of.id}`, globalThis.location.origin).href;
  const write = useMutation({
    mutationFn: async () => {
      const files = await readAll(of.id, { outcome: [...importable, 'refused'] });
      return reportMarkdown(of, files, address);
    },
    onSuccess: text.copy,
  });
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        leftSection={link.copied ? <IconCheck size={16} /> : <IconLink size={16} />}
        onClick={() => link.copy(address)}
      >
        {link.copied ? 'Copied' : 'Copy link'}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        leftSection={text.copied ? <IconCheck size={16} /> : <IconMarkdown size={16} />}
        loading={write.isPending}
        onClick={() => write.mutate()}
      >
        {text.copied ? 'Copied' : 'Copy as Markdown'}
      </Button>
    </>
  );
}
