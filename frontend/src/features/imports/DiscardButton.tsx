import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportPublic } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastDone } from '@/ui/toast';
import { discardImport, importKeys } from './queries';
import { plural } from './wording';

export function DiscardButton({ of }: { of: ImportPublic }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const what = `import of ${plural(of.headline.agents, 'agent')}`;
  const discard = useMutation({
    mutationFn: () => discardImport(of.id),
    onSuccess: async () => {
      setAsking(false);
      toastDone(`Discarded the ${what}`);
      await Promise.all([
        client.invalidateQueries({ queryKey: importKeys.list }),
        client.invalidateQueries({ queryKey: importKeys.one(of.id) }),
      ]);
    },
  });
  return (
    <>
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        aria-label={`Discard the ${what}`}
        onClick={() => setAsking(true)}
      >
        Discard
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Discard this ${what}?`}
        confirm="Discard import"
        danger
        busy={discard.isPending}
        onConfirm={() => discard.mutate()}
        onClose={() => setAsking(false)}
      >
        Its files and what you decided about them go for good. The registry stays as it
        is, and your own files too.
      </ConfirmDialog>
    </>
  );
}
