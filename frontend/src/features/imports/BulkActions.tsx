import { Button } from '@mantine/core';
import { toastDone } from '@/ui/toast';
import classes from './imports.module.css';
import type { ImportDecision, ImportOutcome, ImportPublic } from './types';
import { useDecideMany } from './use-decide';
import { groups, plural } from './wording';

type Offer = Exclude<ImportDecision, 'reuse'>;

const offers: Partial<Record<ImportOutcome, Offer[]>> = {
  needs_repair: ['repaired', 'original', 'skip'],
  new: ['repaired', 'original', 'skip'],
  changed: ['repaired', 'original', 'skip'],
};

const words: Record<Offer, { button: string; done: string }> = {
  repaired: { button: 'Take all repaired', done: 'taken repaired' },
  original: { button: 'Take all originals', done: 'taken as they are' },
  skip: { button: 'Skip all', done: 'skipped' },
};

interface BulkActionsProps {
  of: ImportPublic;
  outcome: ImportOutcome;
}

/** One decision for all files of a group. */
export function BulkActions({ of, outcome }: BulkActionsProps) {
  const many = useDecideMany(of.id);
  // Where no open file has a repair, there is one way to take them.
  const repairable =
    outcome === 'needs_repair' || of.rules.some((one) => one.repairable > 0);
  const decisions = offers[outcome]?.filter(
    (decision) => decision !== 'repaired' || repairable,
  );
  if (!decisions || of.open[outcome] < 2) return null;
  const decide = (decision: Offer) =>
    many.mutate(
      { decision, outcome: [outcome] },
      {
        onSuccess: ({ updated }) =>
          toastDone(
            updated === 0
              ? 'No file of this group can be repaired'
              : `${plural(updated, 'file')} ${words[decision].done}`,
          ),
      },
    );
  return (
    <fieldset className={classes.bulk}>
      <legend>All of “{groups[outcome].label}”</legend>
      {decisions.map((decision) => (
        <Button
          key={decision}
          size="xs"
          onClick={() => decide(decision)}
          loading={many.isPending && many.variables.decision === decision}
          disabled={many.isPending}
        >
          {decision === 'original' && !repairable ? 'Take all' : words[decision].button}
        </Button>
      ))}
    </fieldset>
  );
}
