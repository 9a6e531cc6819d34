import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toastError } from '@/ui/toast';
import { downloadFile, revisionFileQuery } from './api';
import { FileContent } from './FileContent';
import classes from './files.module.css';
import { lookOf, sizeOf } from './tree';

export interface ShownFile {
  path: string;
  size: number;
  mode: string;
  redaction?: { at: string; by: string | null; reason: string } | null;
}

interface FileViewProps {
  component: string;
  number: number;
  file: ShownFile;
}

/** One file of a revision, as what it is. */
export function FileView({ component, number, file }: FileViewProps) {
  const download = useMutation({
    mutationFn: () => downloadFile(component, number, file.path),
    onError: toastError,
  });
  const [raw, setRaw] = useState(false);
  const isMarkdown = lookOf(file.path, '') === 'markdown';
  return (
    <section aria-label={`File ${file.path}`}>
      <div className={classes.bar}>
        <h2 className="mono">{file.path}</h2>
        <span className="muted tabular">
          {sizeOf(file.size)}
          {file.mode === '100755' && ', executable'}
        </span>
        <span className={classes.actions}>
          {isMarkdown && !file.redaction && (
            <SegmentedControl
              size="xs"
              aria-label="How to show it"
              value={raw ? 'source' : 'read'}
              onChange={(value) => setRaw(value === 'source')}
              data={[
                { value: 'read', label: 'Read' },
                { value: 'source', label: 'Source' },
              ]}
            />
          )}
          {!file.redaction && (
            <Button
              size="xs"
              leftSection={<IconDownload size={15} stroke={1.7} aria-hidden />}
              loading={download.isPending}
              onClick={() => download.mutate()}
            >
              Download
            </Button>
          )}
        </span>
      </div>
      {file.redaction ? (
        <Redacted redaction={file.redaction} />
      ) : (
        <FileContent
          path={file.path}
          size={file.size}
          query={revisionFileQuery(component, number, file.path)}
          raw={raw}
        />
      )}
    </section>
  );
}

function Redacted({ redaction }: { redaction: NonNullable<ShownFile['redaction']> }) {
  const day = new Date(redaction.at).toLocaleDateString('en', { dateStyle: 'medium' });
  return (
    <div className={classes.notice}>
      <p>
        {redaction.by ?? 'Somebody'} redacted this content on {day}. It is gone for
        good.
      </p>
      <p>{redaction.reason}</p>
    </div>
  );
}
