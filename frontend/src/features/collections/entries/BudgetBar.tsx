import { IconStackPush } from '@tabler/icons-react';
import type { CollectionDetail } from '@/api/types';
import { BUDGET } from '../words';
import classes from './entries.module.css';

const numbers = new Intl.NumberFormat('en');

/** What the descriptions cost in every session, against what a tool takes well. */
export function BudgetBar({ collection }: { collection: CollectionDetail }) {
  const { description_tokens: used, entries } = collection;
  const shadowed = entries.filter((entry) => entry.shadowed_by !== null).length;
  const over = used > BUDGET;
  const text = `${numbers.format(used)} of ${numbers.format(BUDGET)} tokens`;
  return (
    <div className={classes.budget}>
      <meter
        aria-label="Descriptions in every session"
        max={BUDGET}
        value={Math.min(used, BUDGET)}
        className={classes.meter}
        data-over={over || undefined}
      >
        {text}
      </meter>
      <div className={classes.budgetText}>
        <span className="tabular" title="Claude Code warns above this">
          {text} of descriptions in every session
          {over && ': more than tools take well'}
        </span>
        {shadowed > 0 && (
          <span className={classes.clash}>
            <IconStackPush size={14} stroke={1.7} aria-hidden />
            {shadowed === 1
              ? '1 entry is shadowed by one of its name further up'
              : `${shadowed} entries are shadowed by ones of their name further up`}
          </span>
        )}
      </div>
    </div>
  );
}
