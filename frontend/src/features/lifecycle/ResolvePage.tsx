import { IconMapQuestion, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { isProblem } from '@/api/problem';
import type { Resolved } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { CopyText, Digest, Fact, FactList, RelativeTime } from '@/ui/facts';
import { PageHeader } from '@/ui/PageHeader';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './lifecycle.module.css';
import { resolveQuery } from './queries';

/** Where a reference leads: to the page of the component, or to its tombstone. */
export function ResolvePage({ reference }: { reference: string }) {
  const found = useQuery({
    ...resolveQuery(reference),
    enabled: reference !== '',
  });
  if (!reference || isProblem(found.error)) return <Nothing reference={reference} />;
  if (found.error) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (!found.data) return <TextSkeleton lines={6} />;
  const { component, revision, tombstone } = found.data;
  if (tombstone) return <TombstonePage resolved={found.data} />;
  if (!component) return <Nothing reference={reference} />;
  const number = revision?.number;
  const asked = reference.includes('@') && number !== component.latest?.number;
  return (
    <Navigate
      to="/$plural/$team/$name"
      params={placeOf(component)}
      search={asked && number ? { revision: number } : {}}
      replace
    />
  );
}

function Nothing({ reference }: { reference: string }) {
  return (
    <EmptyState heading="h1" icon={IconMapQuestion} title="This leads nowhere">
      <span className="mono">{reference}</span> was never published here, or you may not
      see it: both look the same from here.
    </EmptyState>
  );
}

/** What is left to know of something deleted, for everybody who saw it. */
export function TombstonePage({ resolved }: { resolved: Resolved }) {
  const { tombstone, reference, identifier } = resolved;
  if (!tombstone) return null;
  const { deleted_by: by, reason, digest, licence } = tombstone;
  return (
    <>
      <PageHeader
        title={<span className="mono">{reference}</span>}
        description="It was deleted; its content is no longer shown."
      />
      <div className={classes.settings}>
        <FactList>
          <Fact label="Identifier">
            <CopyText value={identifier ?? `roster:${reference}`} what="identifier" />
          </Fact>
          <Fact label="Deleted">
            <IconTrash size={14} stroke={1.7} aria-hidden /> by{' '}
            {by.display_name || by.username}, <RelativeTime at={tombstone.deleted_at} />
          </Fact>
          <Fact label="Reason">{reason ?? 'None was given'}</Fact>
          {digest && (
            <Fact label="Digest">
              <Digest value={digest} />
            </Fact>
          )}
          <Fact label="Licence">{licence ?? 'None was named'}</Fact>
        </FactList>
      </div>
    </>
  );
}
