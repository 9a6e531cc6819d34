import { Button } from '@mantine/core';
import { useState } from 'react';
import { useCode } from '@/lib/use-code';
import { shortAddress } from './address';
import type { ImportPublic } from './types';
import { nounOf, plural } from './wording';

const dialog = () => import('./DiscardDialog');

/** Asks before an import goes; its code comes when somebody wants it. */
export function DiscardButton({ of }: { of: ImportPublic }) {
  const [asking, setAsking] = useState(false);
  const Dialog = useCode(dialog, asking);
  const what = nameOf(of);
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
      {Dialog && (
        <Dialog of={of} what={what} opened={asking} onClose={() => setAsking(false)} />
      )}
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
