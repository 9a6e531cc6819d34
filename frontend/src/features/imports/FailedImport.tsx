import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useJob } from '@/features/jobs/use-job';
import { repositoryQuery } from '@/features/upstreams/queries';
import type { Repository } from '@/features/upstreams/types';
import { ButtonLink } from '@/ui/links';
import { DiscardButton } from './DiscardButton';
import { FileGroup } from './FileGroup';
import { ImportHeader } from './ImportHeader';
import { useRetryImport } from './job-changes';
import { ImportLog, LogToggle } from './LogToggle';
import type { NewImportSearch } from './search';
import type { ImportPublic } from './types';
import { groups } from './wording';
import classes from './working.module.css';

const aside = ['refused', 'left_aside'] as const;

/** It could not be read, or nothing was found: why, and the ways on. */
export function FailedImport({ of }: { of: ImportPublic }) {
  const [log, setLog] = useState(false);
  const empty = of.looked_in.length > 0;
  const job = useJob(of.job?.id).data;
  const cancelled = job?.state === 'cancelled';
  const retry = useRetryImport(of);
  const from = useQuery({
    ...repositoryQuery(of.repository_id ?? ''),
    enabled: of.repository_id !== null,
  }).data;
  return (
    <>
      <ImportHeader
        of={of}
        title={
          empty
            ? 'Nothing found here'
            : cancelled
              ? 'This import was stopped'
              : 'This import did not succeed'
        }
        actions={<DiscardButton of={of} />}
      />
      <div className={classes.failed}>
        {empty ? (
          <>
            <p className={classes.reason}>
              None of these files is an agent, a skill, a command or a server. Roster
              goes by what a file holds, and looked in:
            </p>
            <ul className={classes.places} aria-label="Where it looked">
              {of.looked_in.map((place) => (
                <li key={place} className="mono">
                  {place}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className={classes.reason}>{of.error}</p>
        )}
        <div className={classes.actions}>
          {job?.can_retry !== false && of.job && (
            <Button
              // What failed by itself was tried more than once already.
              {...(cancelled ? { variant: 'filled' } : {})}
              loading={retry.isPending}
              onClick={() => retry.mutate()}
            >
              Try again
            </Button>
          )}
          <ButtonLink
            to="/imports/new"
            search={searchOf(of, from)}
            {...(cancelled ? {} : { variant: 'filled' })}
          >
            {of.source === 'repository' || of.source === 'lock'
              ? 'Change what is fetched'
              : 'Import something else'}
          </ButtonLink>
          {of.job && <LogToggle open={log} onToggle={setLog} />}
        </div>
        {log && of.job && <ImportLog id={of.job.id} />}
      </div>
      {aside
        .filter((name) => of.counts[name] > 0)
        .map((name) => (
          <section key={name} aria-labelledby={name} className={classes.section}>
            <h2 id={name}>{groups[name].label}</h2>
            <FileGroup of={of} outcome={name} />
          </section>
        ))}
    </>
  );
}

/** The form as it was filled in, but for the token. */
function searchOf(of: ImportPublic, from?: Repository): NewImportSearch {
  const team = of.team.slug;
  if (of.source === 'lock') return { source: 'lock', team };
  if (of.source !== 'repository' || !of.origin) return { team };
  return {
    source: 'repository',
    team,
    url: of.origin,
    ...(from?.ref ? { ref: from.ref } : {}),
    ...(from?.folder ? { folder: from.folder } : {}),
  };
}
