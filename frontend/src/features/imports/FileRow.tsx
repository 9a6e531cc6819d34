import { ActionIcon } from '@mantine/core';
import { IconChevronRight, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useId, useState } from 'react';
import { describe } from '@/api/problem';
import { TokenCount } from '@/ui/facts';
import { HealthDot } from '@/ui/severity';
import { TextSkeleton } from '@/ui/skeletons';
import { ChooseFile } from './ChooseFile';
import { DecisionControl } from './DecisionControl';
import { FileFacts } from './FileFacts';
import type { Choice } from './FileGroup';
import classes from './files.module.css';
import { fileQuery } from './queries';
import { RenameForm } from './RenameForm';
import { SecretsControl } from './SecretsControl';
import type { ImportFile, ImportPublic } from './types';
import { useDecide } from './use-decide';

const FileDetail = lazy(() => import('./FileDetail'));

interface FileRowProps {
  of: ImportPublic;
  file: ImportFile;
  open: boolean;
  onToggle: () => void;
  choice?: Choice;
}

const found = ({ health }: ImportFile) =>
  health.errors + health.warnings + health.infos > 0;

const storesIt = ({ decision }: ImportFile) =>
  decision !== 'skip' && decision !== 'reuse';

/** One file: what it is, what to do with it, and on demand all about it. */
export function FileRow({ of, file, open, onToggle, choice }: FileRowProps) {
  const detailId = useId();
  const [renaming, setRenaming] = useState(false);
  const decide = useDecide(of.id, file);
  // Only looks at what an opened row has loaded: accepted proposals are a repair too.
  const accepted = useQuery({ ...fileQuery(of.id, file.id), enabled: false }).data
    ?.accepted_fixes;
  const takes =
    of.state === 'preview' && !['left_aside', 'refused'].includes(file.outcome);
  const opens = takes || found(file);
  const repairable =
    file.has_repair || file.decision === 'repaired' || Boolean(accepted?.length);
  const idle = file.outcome === 'unchanged' && !repairable;
  const error = renaming ? null : decide.error;
  return (
    <>
      <div
        className={classes.row}
        data-skipped={file.decision === 'skip' || undefined}
        data-plain={file.outcome === 'left_aside' || undefined}
        data-choice={choice ? true : undefined}
      >
        {choice && <ChooseFile of={of} file={file} choice={choice} />}
        {opens ? (
          <ActionIcon
            className={classes.toggle ?? ''}
            aria-expanded={open}
            aria-controls={open ? detailId : undefined}
            aria-label={`Details of ${file.path}`}
            onClick={onToggle}
          >
            <IconChevronRight size={16} stroke={1.7} data-open={open || undefined} />
          </ActionIcon>
        ) : (
          file.outcome !== 'left_aside' && <span />
        )}
        <div className={classes.what}>
          <Names
            file={file}
            {...(takes && file.name ? { onRename: () => setRenaming(true) } : {})}
          />
          {takes && file.description && (
            <p className={classes.description}>{file.description}</p>
          )}
          <FileFacts of={of} file={file} open={of.state === 'preview'} />
        </div>
        {takes && (
          <div className={classes.numbers}>
            <HealthDot health={file.health} withText />
            <TokenCount value={file.description_tokens} />
          </div>
        )}
        {takes &&
          (idle ? (
            <span className={classes.idle}>Nothing to do</span>
          ) : (
            <DecisionControl
              file={file}
              repairable={repairable}
              onChange={(decision) => decide.mutate({ decision })}
            />
          ))}
      </div>
      {error && (
        <p role="alert" className={classes.error}>
          {describe(error)}
        </p>
      )}
      {takes && file.literal_secrets > 0 && storesIt(file) && (
        <SecretsControl of={of} file={file} />
      )}
      {renaming && <RenameForm of={of} file={file} onDone={() => setRenaming(false)} />}
      {open && (
        <div id={detailId} className={classes.detail}>
          <Suspense fallback={<TextSkeleton lines={8} />}>
            <FileDetail of={of} file={file} />
          </Suspense>
        </div>
      )}
    </>
  );
}

function Names({ file, onRename }: { file: ImportFile; onRename?: () => void }) {
  const renamed = file.target_name !== null && file.target_name !== file.name;
  return (
    <div className={classes.names}>
      {file.name && file.outcome !== 'left_aside' && (
        <span className={`mono ${classes.name}`}>
          {renamed && (
            <>
              <del>{file.name}</del> →{' '}
            </>
          )}
          {file.target_name ?? file.name}
        </span>
      )}
      {onRename && (
        <ActionIcon
          size="sm"
          aria-label={`Rename ${file.target_name ?? file.name}`}
          title="Take it under another name"
          onClick={onRename}
        >
          <IconPencil size={14} stroke={1.7} />
        </ActionIcon>
      )}
      <span className={`mono ${classes.path}`}>{file.path}</span>
    </div>
  );
}
