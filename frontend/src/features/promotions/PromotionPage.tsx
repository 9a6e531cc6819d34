import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { PromotionDetail } from '@/api/types';
import { authorOf } from '@/features/agents/component/people';
import { kindOf } from '@/features/kinds/kinds';
import { ErrorState } from '@/ui/ErrorState';
import { KindBadge, LabelChip, RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import { Markdown } from '@/ui/markdown/Markdown';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton, TextSkeleton } from '@/ui/skeletons';
import { Actions } from './Actions';
import { Checks } from './Checks';
import { Comments } from './Comments';
import classes from './promotion.module.css';
import { promotionQuery } from './queries';
import { Voices } from './Voices';
import { policyText, stateWords } from './words';

const Comparison = lazy(() => import('@/features/agents/component/ComparisonView'));

/** One request to move a label: what changes, what others say, and what to do. */
export function PromotionPage({ id }: { id: string }) {
  const promotion = useQuery(promotionQuery(id));
  if (promotion.isPending) {
    return (
      <>
        <PageHeader title="Review" />
        <RowsSkeleton rows={5} />
      </>
    );
  }
  if (!promotion.data) {
    return (
      <ErrorState
        heading="h1"
        error={promotion.error}
        onRetry={() => void promotion.refetch()}
      />
    );
  }
  return <Shown promotion={promotion.data} />;
}

function Shown({ promotion }: { promotion: PromotionDetail }) {
  const { component, label, number, from_number: from, policy } = promotion;
  return (
    <>
      <PageHeader
        title={<Title promotion={promotion} />}
        description={<Facts of={promotion} />}
      />
      <div className={classes.page}>
        <div className={classes.main}>
          {promotion.message && (
            <section aria-labelledby="why" className={classes.section}>
              <h2 id="why">Why</h2>
              <Markdown text={promotion.message} />
            </section>
          )}
          <section aria-label="What changes" className={classes.section}>
            {from === null ? (
              <p>
                {label} points at nothing yet.{' '}
                <RevisionLink promotion={promotion} number={number}>
                  Read revision {number}
                </RevisionLink>
                .
              </p>
            ) : (
              <Suspense fallback={<TextSkeleton lines={10} />}>
                <Comparison agent={component} from={from} to={number} />
              </Suspense>
            )}
          </section>
          <Comments promotion={promotion} />
        </div>
        <aside className={classes.side} aria-label="State of this review">
          <Actions promotion={promotion} />
          <Checks checks={promotion.checks} />
          <Voices promotion={promotion} />
          <section aria-labelledby="policy" className={classes.section}>
            <h2 id="policy">Policy</h2>
            <p>
              {policy
                ? policyText(policy)
                : 'The label is not protected: whoever may edit moves it.'}
            </p>
          </section>
        </aside>
      </div>
    </>
  );
}

function Title({ promotion }: { promotion: PromotionDetail }) {
  const { component, label, number, from_number: from } = promotion;
  return (
    <span className={classes.title}>
      <span className="mono">{component.name}</span>
      <KindBadge kind={component.kind} />
      <LabelChip name={label} />
      <span className={classes.move}>
        {from === null ? 'to' : `revision ${from} to`} {number}
      </span>
    </span>
  );
}

function Facts({ of: promotion }: { of: PromotionDetail }) {
  const { state, author, created_at, ended_at, ended_by, is_rollback } = promotion;
  return (
    <div className={classes.facts}>
      <span className={classes.state} data-state={state}>
        {stateWords[state]}
      </span>
      {is_rollback && <span>Rollback</span>}
      <span>
        {authorOf(author)}, <RelativeTime at={created_at} />
      </span>
      {ended_at && ended_by && (
        <span>
          {stateWords[state]} by {authorOf(ended_by)}, <RelativeTime at={ended_at} />
        </span>
      )}
      <RevisionLink promotion={promotion} number={null}>
        {promotion.component.reference}
      </RevisionLink>
    </div>
  );
}

interface RevisionLinkProps {
  promotion: PromotionDetail;
  /** Null: the component as it is. */
  number: number | null;
  children: React.ReactNode;
}

function RevisionLink({ promotion, number, children }: RevisionLinkProps) {
  const { kind, team, name } = promotion.component;
  return (
    <AnchorLink
      to="/$plural/$team/$name"
      params={{ plural: kindOf(kind).plural, team: team.slug, name }}
      search={number === null ? {} : { revision: number }}
      className={number === null ? 'mono' : ''}
      underline="always"
    >
      {children}
    </AnchorLink>
  );
}
