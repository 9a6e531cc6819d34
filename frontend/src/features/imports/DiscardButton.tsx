import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastDone } from '@/ui/toast';
import { shortAddress } from './address';
import { discardImport } from './changes';
import { importKeys } from './queries';
import type { ImportPublic } from './types';
import { nounOf, plural } from './wording';

export function DiscardButton({ of }: { of: ImportPublic }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const what = nameOf(of);
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
        is, with what of it is applied already, and your own files too.
      </ConfirmDialog>
    </>
  );
}

const nameOf = ({ headline, source, origin }: ImportPublic) => {
  const found = Object.values(headline.components).reduce((sum, one) => sum + one, 0);
  if (found > 0) return `import of ${plural(found, ...nounOf(headline.components))}`;
  return source === 'repository' && origin
    ? `import from ${shortAddress(origin)}`
    : 'import';
};
