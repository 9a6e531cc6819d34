import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Severity } from '@/api/types';
import { rulesQuery } from '@/features/agents/queries';
import { ButtonLink } from '@/ui/links';
import { SeverityBadge } from '@/ui/severity';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone } from '@/ui/toast';
import { isSecretRule } from './leaks';
import classes from './panels.module.css';
import type { ImportPublic, RuleCount } from './types';
import { useDecideMany } from './use-decide';
import { plural } from './wording';

const FEW = 3;
const worst: Severity[] = ['error', 'warning', 'info'];

/** What was found by rule, so that one answer does for all files that share it. */
export function RuleList({ of }: { of: ImportPublic }) {
  const [all, setAll] = useState(false);
  // What looks like a secret is asked about apart, and before.
  const known = useQuery(rulesQuery);
  const severityOf = ({ rule }: RuleCount) =>
    known.data?.items.find(({ id }) => id === rule)?.severity ?? 'info';
  const rules = of.rules
    .filter((one) => !isSecretRule(one))
    .sort(
      (a, b) =>
        worst.indexOf(severityOf(a)) - worst.indexOf(severityOf(b)) ||
        b.repairable - a.repairable ||
        b.files - a.files,
    );
  if (rules.length === 0) return null;
  // Never "show 1 more": that one fits as well.
  const shown = all || rules.length <= FEW + 1 ? rules : rules.slice(0, FEW);
  return (
    <section aria-labelledby="by-rule" className={classes.panelBox}>
      <h2 id="by-rule">What is wrong, by rule</h2>
      {known.isPending ? (
        <RowsSkeleton rows={shown.length} />
      ) : (
        <ul className={classes.rules}>
          {shown.map((rule) => (
            <RuleRow key={rule.rule} of={of} count={rule} />
          ))}
        </ul>
      )}
      {shown.length < rules.length && (
        <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {rules.length} rules
        </Button>
      )}
    </section>
  );
}

function RuleRow({ of, count }: { of: ImportPublic; count: RuleCount }) {
  const { rule, files, repairable } = count;
  const known = useQuery(rulesQuery).data?.items.find(({ id }) => id === rule);
  const title = known?.title ?? rule;
  const many = useDecideMany(of.id);
  const repair = () =>
    many.mutate(
      { decision: 'repaired', rule },
      {
        onSuccess: ({ updated }) =>
          toastDone(`${plural(updated, 'file')} taken repaired`),
      },
    );
  return (
    <li className={classes.rule}>
      <span className={classes.ruleCount}>{plural(files, 'file')}</span>
      <span className={classes.ruleText}>
        {known && <SeverityBadge severity={known.severity} />}
        <span>{title}</span>
        {known && <span className={`mono ${classes.ruleId}`}>{rule}</span>}
      </span>
      <span className={classes.ruleActions}>
        <ButtonLink
          size="xs"
          variant="subtle"
          color="gray"
          aria-label={`See the files: ${title}`}
          to="/imports/$id"
          params={{ id: of.id }}
          search={{ rule }}
          replace
          resetScroll={false}
        >
          See the files
        </ButtonLink>
        {repairable > 0 && (
          <Button
            size="xs"
            aria-label={`Take repaired: ${title}`}
            loading={many.isPending}
            onClick={repair}
          >
            Take repaired for {repairable === files ? 'all' : repairable}
          </Button>
        )}
      </span>
    </li>
  );
}
