import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { ImportLog, LogToggle } from './LogToggle';
import type { ImportPublic } from './types';
import { plural } from './wording';
import classes from './working.module.css';

interface StoppedNoticeProps {
  of: ImportPublic;
  applied: number;
}

/** Applying was stopped or failed: what was stored before stays stored. */
export function StoppedNotice({ of, applied }: StoppedNoticeProps) {
  const [log, setLog] = useState(false);
  if (!of.error) return null;
  return (
    <section aria-labelledby="stopped" className={classes.stopped}>
      <h2 id="stopped">
        <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
        Applying did not get to its end
      </h2>
      <p>{of.error}</p>
      <p>
        {applied > 0
          ? `${plural(applied, 'file')} ${applied === 1 ? 'is' : 'are'} stored; the rest is still here.`
          : 'Nothing of it was stored; all of it is still here.'}
      </p>
      {of.job && <LogToggle open={log} onToggle={setLog} />}
      {of.job && log && <ImportLog id={of.job.id} />}
    </section>
  );
}
