import { Button } from '@mantine/core';
import { IconKey, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { useCode } from '@/lib/use-code';
import { useUser } from '@/lib/use-session';
import type { Wanted, Way } from './commands';
import classes from './install.module.css';

const dialog = () => import('@/features/account/tokens/TokenDialog');

const opening: Partial<Record<Way, string>> = {
  cli: 'Signing in is all it takes. A program takes',
  download: 'The buttons need none. The command takes',
};

interface AccessProps {
  wanted: Wanted;
  way: Way;
}

/** Which rights it takes, and no more; with a way to get just these. */
export function Access({ wanted, way }: AccessProps) {
  const user = useUser();
  const [making, setMaking] = useState(false);
  const TokenDialog = useCode(dialog, making);
  const { team, name } = wanted;
  if (!wanted.signIn) {
    return (
      <div className={classes.access}>
        <IconWorld className={classes.accessIcon} size={18} stroke={1.6} aria-hidden />
        <p>
          No token needed: this collection is public, and everybody may read here what
          is public.
        </p>
      </div>
    );
  }
  // A token can be limited to own teams alone.
  const limited = user?.teams.some(({ slug }) => slug === team) ?? false;
  const byHand = way === 'cli';
  return (
    <div className={classes.access}>
      <IconKey className={classes.accessIcon} size={18} stroke={1.6} aria-hidden />
      <p>
        {opening[way] ?? 'It takes'} a token with the scope{' '}
        <code className="mono">read</code>
        {limited && (
          <>
            , limited to the team <code className="mono">{team}</code>
          </>
        )}
        {byHand && (
          <>
            , in <code className="mono">ROSTER_TOKEN</code>, with{' '}
            <code className="mono">ROSTER_URL={wanted.origin}</code>
          </>
        )}
        . It needs no more than that.
      </p>
      <Button size="xs" onClick={() => setMaking(true)}>
        Make a token for this
      </Button>
      {TokenDialog && (
        <TokenDialog
          opened={making}
          onClose={() => setMaking(false)}
          start={{
            name: `Install ${team}/${name}`.slice(0, 100),
            scopes: ['read'],
            teams: limited ? [team] : null,
          }}
        />
      )}
    </div>
  );
}
