import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { CodeView } from '@/ui/code/CodeEditor';
import { ErrorState } from '@/ui/ErrorState';
import { Markdown } from '@/ui/markdown/Markdown';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './files.module.css';
import { imageType, languageOf, lookOf, sizeOf, textOf } from './tree';

const SHOWN_BYTES = 1024 * 1024;

export interface FileContentProps<Key extends QueryKey> {
  path: string;
  size: number;
  /** Where its bytes come from: they are asked for when there is something to show. */
  query: UseQueryOptions<ArrayBuffer, Error, ArrayBuffer, Key>;
  /** Markdown as it is written. */
  raw: boolean;
}

/** The bytes of a file, as what they are. */
export function FileContent<Key extends QueryKey>(props: FileContentProps<Key>) {
  if (props.size > SHOWN_BYTES && !imageType(props.path)) {
    return <NotShown size={props.size} why="It is too large to be shown here." />;
  }
  return <Loaded {...props} />;
}

function Loaded<Key extends QueryKey>(props: FileContentProps<Key>) {
  const { path, size, query, raw } = props;
  const bytes = useQuery(query);
  const text = useMemo(() => (bytes.data ? textOf(bytes.data) : null), [bytes.data]);
  if (bytes.isPending) return <TextSkeleton lines={10} />;
  if (!bytes.data) {
    return <ErrorState error={bytes.error} onRetry={() => void bytes.refetch()} />;
  }
  const look = lookOf(path, text);
  if (look === 'image') return <Picture path={path} bytes={bytes.data} />;
  if (look === 'binary' || text === null) {
    return <NotShown size={size} why="This is no text." />;
  }
  if (look === 'markdown' && !raw) {
    return (
      <div className={classes.markdown}>
        <Markdown text={withoutMatter(text)} />
      </div>
    );
  }
  return (
    <CodeView value={text} label={`Text of ${path}`} language={languageOf(path)} />
  );
}

function NotShown({ size, why }: { size: number; why: string }) {
  return (
    <div className={classes.notice}>
      <p>
        {why} It has {sizeOf(size)}.
      </p>
    </div>
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
