import { Button } from '@mantine/core';
import { useState } from 'react';
import { placeOf } from '@/features/kinds/kinds';
import { AnchorLink } from '@/ui/links';
import classes from './files.module.css';
import type { ImportFile, ImportPublic } from './types';
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
                  params={placeOf(madeOf(of, file))}
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

/** What a file became; one that was used instead is another team's. */
function madeOf({ team }: ImportPublic, file: ImportFile) {
  const kind = file.kind ?? 'agent';
  const [, slug, name] =
    /^[^:]+:([^/]+)\/(.+)$/.exec(file.reuse?.reference ?? '') ?? [];
  return file.result?.outcome === 'reused' && slug && name
    ? { kind, team: { slug }, name }
    : { kind, team, name: nameOf(file) };
}

export function howOf({ result, decision, reason, reuse }: ImportFile): string {
  if (!result || result.outcome === 'skipped') return 'skipped';
  if (result.outcome === 'reused') {
    return reuse ? `uses ${reuse.reference.replace(/^[^:]+:/, '')}` : 'used instead';
  }
  const revision = typeof result.number === 'number' ? `revision ${result.number}` : '';
  if (result.outcome === 'unchanged')
    return revision ? `${revision}, as it was` : (reason ?? '');
  return decision === 'repaired' ? `${revision}, repaired` : revision;
}
