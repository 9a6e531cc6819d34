import { Button } from '@mantine/core';
import { useState } from 'react';
import { JobProgress } from '@/features/jobs/JobProgress';
import { isStopping } from '@/features/jobs/words';
import { ButtonLink } from '@/ui/links';
import { TextSkeleton } from '@/ui/skeletons';
import { ImportHeader } from './ImportHeader';
import { useStopImport } from './job-changes';
import { ImportLog, LogToggle } from './LogToggle';
import { originOf } from './origin';
import type { ImportPublic } from './types';
import { useImportJob } from './use-import-job';
import { appliedCount, plural } from './wording';
import classes from './working.module.css';

const titleOf = (of: ImportPublic) => {
  if (of.state === 'applying') return 'Storing what was decided';
  const origin = originOf(of);
  return origin ? `Reading ${origin}` : 'Reading the files';
};

/** A job reads or applies it. Whoever closes the page finds it under imports again. */
export function Working({ of }: { of: ImportPublic }) {
  const [log, setLog] = useState(false);
  const job = useImportJob(of);
  const stop = useStopImport(of);
  const shown = job ?? of.job;
  const stopping = stop.isPending || (job !== null && isStopping(job));
  const stored = appliedCount(of.results);
  return (
    <>
      <ImportHeader of={of} title={titleOf(of)} />
      <section aria-label="Progress" className={classes.box}>
        {shown ? (
          <JobProgress job={shown} label={titleOf(of)} />
        ) : (
          <TextSkeleton lines={2} />
        )}
        {job?.error && <p className={classes.attempt}>Last attempt: {job.error}</p>}
        <p className={classes.note}>
          {of.state === 'applying'
            ? 'You can close this page. What is stored already stays, also if you stop here.'
            : 'You can close this page: it goes on, and you find it under Imports. Nothing enters the registry before you say so.'}
          {of.state === 'applying' &&
            stored > 0 &&
            ` ${plural(stored, 'file')} stored so far.`}
        </p>
        <div className={classes.actions}>
          <Button
            disabled={!shown || stopping || job?.can_cancel === false}
            onClick={() => stop.mutate()}
          >
            {stopping ? 'Stopping…' : 'Cancel'}
          </Button>
          {shown && <LogToggle open={log} onToggle={setLog} />}
          <ButtonLink to="/imports" variant="subtle" color="gray">
            All imports
          </ButtonLink>
        </div>
        {log && shown && <ImportLog id={shown.id} />}
      </section>
    </>
  );
}
