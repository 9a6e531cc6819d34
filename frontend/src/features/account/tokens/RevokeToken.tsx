import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastDone } from '@/ui/toast';
import { revokeToken } from '../changes';
import { accountKeys } from '../queries';
import type { ApiTokenPublic } from '../types';

export function RevokeToken({ token: { id, name } }: { token: ApiTokenPublic }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeToken(id),
    onSuccess: async () => {
      setAsking(false);
      toastDone(`Revoked ${name}`);
      await client.invalidateQueries({ queryKey: accountKeys.tokens });
    },
  });
  return (
    <>
      <Button size="xs" aria-label={`Revoke ${name}`} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Revoke ${name}?`}
        confirm="Revoke token"
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setAsking(false)}
      >
        Whatever uses it is refused from the next call on. There is no way back: make a
        new one instead.
      </ConfirmDialog>
    </>
  );
}
