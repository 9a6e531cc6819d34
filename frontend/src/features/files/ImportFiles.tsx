import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportFileDetail, ImportTreeFile } from '@/api/types';
import { CodeView } from '@/ui/code/CodeEditor';
import { DiffView } from '@/ui/code/DiffView';
import { ErrorState } from '@/ui/ErrorState';
import { FindingItem } from '@/ui/FindingItem';
import { TextSkeleton } from '@/ui/skeletons';
import { importFileQuery, revisionFileQuery } from './api';
import classes from './files.module.css';
import { languageOf, sizeOf, textOf } from './tree';

const words: Record<ImportTreeFile['status'], string> = {
  added: 'New',
  changed: 'Changed',
  same: 'Same',
  removed: 'Goes',
};

interface ImportFilesProps {
  importId: string;
  fileId: string;
  files: readonly ImportTreeFile[];
  /** What it would change, and at which revision that is. */
  changes: ImportFileDetail['changes'] | null;
}

/** The files that come with a skill: what becomes of each, and what was found in it. */
export function ImportFiles({ importId, fileId, files, changes }: ImportFilesProps) {
  return (
    <section aria-label="Other files">
      <h3>Other files</h3>
      <div className={classes.changes}>
        {files.map((file) => (
          <OneFile
            key={file.path}
            importId={importId}
            fileId={fileId}
            file={file}
            changes={changes}
          />
        ))}
      </div>
    </section>
  );
}

type OneFileProps = Omit<ImportFilesProps, 'files'> & { file: ImportTreeFile };

function OneFile({ file, ...rest }: OneFileProps) {
  const [open, setOpen] = useState(file.findings.length > 0);
  const head = (
    <>
      <span className={classes.status}>{words[file.status]}</span>
      <span className="mono">{file.path}</span>
      <span className="muted tabular">{sizeOf(file.size)}</span>
      {file.mode === '100755' && <span className="muted">executable</span>}
    </>
  );
  if (file.status === 'removed') {
    return (
      <div className={classes.change}>
        <div className={classes.changeHead}>{head}</div>
      </div>
    );
  }
  return (
    <details
      className={classes.change}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{head}</summary>
      {open && (
        <div className={classes.changeBody}>
          {file.findings.length > 0 && (
            <ul className={classes.list}>
              {file.findings.map((finding, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: findings never move
                <FindingItem key={index} finding={finding} />
              ))}
            </ul>
          )}
          <Text file={file} {...rest} />
        </div>
      )}
    </details>
  );
}

function Text({ importId, fileId, file, changes }: OneFileProps) {
  const incoming = useQuery(importFileQuery(importId, fileId, file.path));
  const before = useQuery({
    ...revisionFileQuery(changes?.component_id ?? '', changes?.number ?? 0, file.path),
    enabled: file.status === 'changed' && Boolean(changes),
  });
  if (incoming.isError) {
    return (
      <ErrorState error={incoming.error} onRetry={() => void incoming.refetch()} />
    );
  }
  if (!incoming.data) return <TextSkeleton lines={4} />;
  const text = textOf(incoming.data);
  if (text === null) return <p className="muted">This is no text.</p>;
  const old = before.data ? textOf(before.data) : null;
  return old === null ? (
    <CodeView
      value={text}
      label={`Text of ${file.path}`}
      language={languageOf(file.path)}
    />
  ) : (
    <DiffView
      original={old}
      modified={text}
      label={`${file.path}, registry to file`}
      from="In the registry"
      to="This file"
    />
  );
}
