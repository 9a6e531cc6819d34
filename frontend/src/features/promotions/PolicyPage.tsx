import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { LabelPolicy } from '@/api/types';
import { OwnersOnly } from '@/features/teams/OwnersOnly';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { LabelChip } from '@/ui/facts';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone } from '@/ui/toast';
import { protect, unprotect } from './changes';
import classes from './policy.module.css';
import { policyQuery, promotionKeys } from './queries';
import { checkWords, policyText } from './words';

const PolicyDialog = lazy(() => import('./PolicyDialog'));

/** Which labels a team protects, for its owners. */
export function PolicyPage({ slug }: { slug: string }) {
  return <OwnersOnly slug={slug}>{(team) => <Policies team={team.slug} />}</OwnersOnly>;
}

function Policies({ team }: { team: string }) {
  const policy = useQuery(policyQuery(team));
  // Null: a label that is not protected yet.
  const [asked, setAsked] = useState<{ policy: LabelPolicy | null } | null>(null);
  if (policy.isPending) return <RowsSkeleton rows={3} />;
  if (!policy.data) {
    return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />;
  }
  const { labels } = policy.data;
  const add = (
    <Button variant="filled" onClick={() => setAsked({ policy: null })}>
      Protect a label
    </Button>
  );
  return (
    <>
      {labels.length === 0 ? (
        <EmptyState icon={IconShieldCheck} title="All labels move at once" action={add}>
          A protected label, such as production, moves only through a review: others
          approve, checks are green, and it can be frozen.
        </EmptyState>
      ) : (
        <>
          <div className={classes.head}>
            <p>These labels move through a review alone. All others move at once.</p>
            {add}
          </div>
          <ul className={classes.policies} aria-label="Protected labels">
            {labels.map((one) => (
              <Policy
                key={one.label}
                team={team}
                policy={one}
                onChange={() => setAsked({ policy: one })}
              />
            ))}
          </ul>
        </>
      )}
      {asked && (
        <Suspense>
          <PolicyDialog
            team={team}
            policy={asked.policy}
            onClose={() => setAsked(null)}
          />
        </Suspense>
      )}
    </>
  );
}

interface PolicyProps {
  team: string;
  policy: LabelPolicy;
  onChange: () => void;
}

function Policy({ team, policy, onChange }: PolicyProps) {
  const client = useQueryClient();
  const refresh = () =>
    client.invalidateQueries({ queryKey: promotionKeys.policy(team) });
  const { label, etag: _, ...present } = policy;
  const who_may_move = present.who_may_move === 'owner' ? 'owner' : 'editor';
  const again = useMutation({
    mutationFn: () => protect(team, label, { ...present, who_may_move }, null),
    onSettled: refresh,
  });
  const release = useMutation({
    mutationFn: () => unprotect(team, policy),
    onSettled: refresh,
    onSuccess: () => toastDone(`${label} moves at once again`, () => again.mutate()),
  });
  return (
    <li className={classes.policy}>
      <div className={classes.text}>
        <LabelChip name={policy.label} />
        <span>{policyText(policy)}</span>
        {policy.checks.length > 0 && (
          <span className={classes.quiet}>
            Checks: {policy.checks.map((name) => checkWords[name]).join(', ')}.
          </span>
        )}
        {policy.frozen && (
          <span className={classes.frozen}>
            Frozen{policy.freeze_reason ? `: ${policy.freeze_reason}` : ''}
          </span>
        )}
      </div>
      <div className={classes.buttons}>
        <Button size="xs" onClick={onChange} aria-label={`Change ${policy.label}`}>
          Change
        </Button>
        <Button
          size="xs"
          loading={release.isPending}
          onClick={() => release.mutate()}
          aria-label={`Stop protecting ${policy.label}`}
        >
          Stop protecting
        </Button>
      </div>
    </li>
  );
}
