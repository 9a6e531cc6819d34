import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCode } from '@/lib/use-code';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import classes from '../account.module.css';
import { tokensQuery } from '../queries';
import { TokenItem } from './TokenItem';

const dialog = () => import('./TokenDialog');

/** For programs: what they may do, in whose name, and until when. */
export function TokensPage() {
  const [making, setMaking] = useState(false);
  const TokenDialog = useCode(dialog, making);
  const tokens = useInfiniteQuery(tokensQuery);
  const items = tokens.data?.pages.flatMap((page) => page.items) ?? [];
  const make = (
    <Button variant="filled" onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <section aria-labelledby="tokens">
      <div className={classes.head}>
        <div>
          <h2 id="tokens">API tokens</h2>
          <p className={classes.about}>
            With a token a program acts in your name, within the scopes and the teams
            that you give it. It can never make tokens itself.
          </p>
        </div>
        {items.length > 0 && make}
      </div>
      {tokens.isPending && <RowsSkeleton rows={4} />}
      {tokens.error && !tokens.data && (
        <ErrorState
          heading="h3"
          error={tokens.error}
          onRetry={() => tokens.refetch()}
        />
      )}
      {tokens.data && items.length === 0 && (
        <EmptyState icon={IconKey} title="No tokens yet" heading="h3" action={make}>
          Make one for each program that works with Roster: a build, a script, an
          editor. Each can be taken back alone.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list} aria-label="API tokens">
          {items.map((token) => (
            <TokenItem key={token.id} token={token} />
          ))}
        </ul>
      )}
      {tokens.hasNextPage && (
        <div className={classes.actions}>
          <Button
            loading={tokens.isFetchingNextPage}
            onClick={() => tokens.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
      {TokenDialog && <TokenDialog opened={making} onClose={() => setMaking(false)} />}
    </section>
  );
}
