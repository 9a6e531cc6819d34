import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { PromotionCheck } from '@/api/types';
import classes from './promotion.module.css';
import { checkWords } from './words';

/** What must be true of the revision, as it is now. */
export function Checks({ checks }: { checks: PromotionCheck[] }) {
  return (
    <section aria-labelledby="checks" className={classes.section}>
      <h2 id="checks">Checks</h2>
      <ul className={classes.list} aria-labelledby="checks">
        {checks.map(({ name, state, detail }) => {
          const passed = state === 'passed';
          const Icon = passed ? IconCircleCheck : IconCircleX;
          return (
            <li key={name}>
              <span data-tone={passed ? 'fine' : 'error'}>
                <Icon size={16} stroke={1.8} aria-hidden />
              </span>
              <div>
                <div className={classes.what}>
                  {checkWords[name]}: {passed ? 'passed' : 'failed'}
                </div>
                <div className={classes.detail}>{detail}</div>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
