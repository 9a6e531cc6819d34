import { Button, Group } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { apiOrigin } from '@/api/session';
import { CopyButton } from '@/ui/CopyButton';
import classes from '../account.module.css';

interface TokenOnceProps {
  token: string;
  onDone: () => void;
}

/** The token, this once, and a call that shows that it works. */
export function TokenOnce({ token, onDone }: TokenOnceProps) {
  const lead = useRef<HTMLParagraphElement>(null);
  // What the focus was on is gone.
  useEffect(() => lead.current?.focus(), []);
  const origin = apiOrigin || location.origin;
  const example = `curl -H "Authorization: Bearer $ROSTER_TOKEN" ${origin}/api/v1/agents`;
  return (
    <div className={classes.form}>
      <p ref={lead} tabIndex={-1} className={classes.plain}>
        It is shown now and never again. Put it where secrets are kept, not into a file
        that others read.
      </p>
      <div>
        <section className={classes.block} aria-label="The token">
          <code className="mono">{token}</code>
        </section>
        <CopyButton text={token}>Copy token</CopyButton>
      </div>
      <div>
        <div className={classes.keyLabel}>Try it, with the token in ROSTER_TOKEN</div>
        <section className={classes.block} aria-label="An example">
          <code className="mono">{example}</code>
        </section>
        <CopyButton text={example}>Copy command</CopyButton>
      </div>
      <Group justify="flex-end">
        <Button variant="filled" onClick={onDone}>
          I have kept it
        </Button>
      </Group>
    </div>
  );
}
