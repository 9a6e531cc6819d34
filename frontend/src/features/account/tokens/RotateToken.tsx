import { Button } from '@mantine/core';
import { useState } from 'react';
import { useCode } from '@/lib/use-code';
import type { ApiTokenPublic } from '../types';

const dialog = () => import('./RotateDialog');

export function RotateToken({ token }: { token: ApiTokenPublic }) {
  const [opened, setOpened] = useState(false);
  const RotateDialog = useCode(dialog, opened);
  return (
    <>
      <Button
        size="xs"
        aria-label={`Rotate ${token.name}`}
        onClick={() => setOpened(true)}
      >
        Rotate
      </Button>
      {RotateDialog && (
        <RotateDialog token={token} opened={opened} onClose={() => setOpened(false)} />
      )}
    </>
  );
}
