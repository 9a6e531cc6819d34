import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { CodeView } from '@/ui/code/CodeEditor';
import { ErrorState } from '@/ui/ErrorState';
import { Markdown } from '@/ui/markdown/Markdown';
import { TextSkeleton } from '@/ui/skeletons';
import { toastError } from '@/ui/toast';
import { downloadFile, revisionFileQuery } from './api';
import classes from './files.module.css';
import { imageType, languageOf, lookOf, sizeOf, textOf } from './tree';

const SHOWN_BYTES = 1024 * 1024;

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
      ) : file.size > SHOWN_BYTES && !imageType(file.path) ? (
        <Binary size={file.size} why="It is too large to be shown here." />
      ) : (
        <Content component={component} number={number} file={file} raw={raw} />
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

function Binary({ size, why }: { size: number; why: string }) {
  return (
    <div className={classes.notice}>
      <p>
        {why} It has {sizeOf(size)}.
      </p>
    </div>
  );
}

function Content({
  component,
  number,
  file,
  raw,
}: FileViewProps & {
  raw: boolean;
}) {
  const bytes = useQuery(revisionFileQuery(component, number, file.path));
  const text = useMemo(() => (bytes.data ? textOf(bytes.data) : null), [bytes.data]);
  if (bytes.isPending) return <TextSkeleton lines={10} />;
  if (!bytes.data) {
    return <ErrorState error={bytes.error} onRetry={() => void bytes.refetch()} />;
  }
  const look = lookOf(file.path, text);
  if (look === 'image') return <Picture path={file.path} bytes={bytes.data} />;
  if (look === 'binary' || text === null) {
    return <Binary size={file.size} why="This is no text." />;
  }
  if (look === 'markdown' && !raw) {
    return (
      <div className={classes.markdown}>
        <Markdown text={withoutMatter(text)} />
      </div>
    );
  }
  return (
    <CodeView
      value={text}
      label={`Text of ${file.path}`}
      language={languageOf(file.path)}
    />
  );
}

const withoutMatter = (text: string) =>
  text.replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---\r?\n/, '');

function Picture({ path, bytes }: { path: string; bytes: ArrayBuffer }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const type = imageType(path);
    const made = URL.createObjectURL(new Blob([bytes], type ? { type } : {}));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [path, bytes]);
  return address && <img className={classes.image} src={address} alt={path} />;
}
