import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ImportFile, ImportPublic } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { AnchorLink } from '@/ui/links';
import classes from './files.module.css';
import { nameOf } from './use-decide';
import { plural } from './wording';

const HELPING = 200;

interface ReportListProps {
  of: ImportPublic;
  files: readonly ImportFile[];
}

/** What became of each file, with the way to what was made of it. */
export function ReportList({ of, files }: ReportListProps) {
  const [shown, setShown] = useState(HELPING);
  return (
    <>
      <ul className={classes.files}>
        {files.slice(0, shown).map((file) => (
          <li key={file.id} className={classes.file}>
            <div className={classes.reportRow}>
              {file.result?.component_id ? (
                <AnchorLink
                  className={`mono ${classes.name}`}
                  to="/$plural/$team/$name"
                  params={placeOf({
                    kind: file.kind ?? 'agent',
                    team: of.team,
                    name: nameOf(file),
                  })}
                >
                  {nameOf(file)}
                </AnchorLink>
              ) : (
                <span className={`mono ${classes.name}`}>{nameOf(file)}</span>
              )}
              <span className={`mono ${classes.path}`}>{file.path}</span>
              <span className={classes.how}>{howOf(file)}</span>
            </div>
          </li>
        ))}
      </ul>
      {files.length > shown && (
        <Button mt="sm" onClick={() => setShown(shown + HELPING)}>
          Show more of {plural(files.length, 'file')}
        </Button>
      )}
    </>
  );
}

function howOf({ result, decision, reason }: ImportFile): string {
  if (!result || result.outcome === 'skipped') return 'skipped';
  const revision = result.number === null ? '' : `revision ${result.number}`;
  if (result.outcome === 'unchanged')
    return revision ? `${revision}, as it was` : (reason ?? '');
  return decision === 'repaired' ? `${revision}, repaired` : revision;
}
