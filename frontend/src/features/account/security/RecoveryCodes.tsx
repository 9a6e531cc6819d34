import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { saveFile } from '@/lib/download';
import { useUser } from '@/lib/use-session';
import { CopyButton } from '@/ui/CopyButton';
import classes from '../account.module.css';

interface RecoveryCodesProps {
  codes: string[];
  onDone: () => void;
}

/** Shown this once; the server keeps only digests of them. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const lead = useRef<HTMLParagraphElement>(null);
  // What the focus was on is gone.
  useEffect(() => lead.current?.focus(), []);
  const name = useUser()?.username ?? 'account';
  const text = `${codes.join('\n')}\n`;
  const save = () => {
    const head = `Recovery codes for ${name} at ${location.origin}\nEach is good once.\n\n`;
    saveFile(
      new Blob([head, text], { type: 'text/plain' }),
      `roster-${name}-codes.txt`,
    );
  };
  return (
    <div className={classes.form}>
      <p ref={lead} tabIndex={-1} className={classes.plain}>
        Each of them signs you in once when your app is out of reach. They are shown now
        and never again.
      </p>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyButton text={text}>Copy all</CopyButton>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={save}
        >
          Download
        </Button>
      </Group>
      <Group justify="flex-end">
        <Button variant="filled" onClick={onDone}>
          I have kept them
        </Button>
      </Group>
    </div>
  );
}
