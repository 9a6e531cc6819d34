import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Dialog } from '@/features/agents/Dialog';
import type { DraftSync } from '@/features/agents/editor/draft-sync';
import { CodeEditor } from '@/ui/code/CodeEditor';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { toastError } from '@/ui/toast';
import { draftFileQuery, putDraftFile } from './api';
import classes from './files.module.css';
import { languageOf, textOf } from './tree';

const SAVE_AFTER_MS = 1_000;

interface TextDialogProps {
  component: string;
  path: string;
  executable: boolean;
  sync: DraftSync;
  onClose: () => void;
}

/** One file of a draft as text, saved while it is typed. */
export function TextDialog(props: TextDialogProps) {
  const { component, path, onClose } = props;
  const bytes = useQuery({ ...draftFileQuery(component, path), staleTime: Infinity });
  const text = useMemo(() => (bytes.data ? textOf(bytes.data) : null), [bytes.data]);
  return (
    <Dialog title={<span className="mono">{path}</span>} size="70rem" onClose={onClose}>
      {bytes.isPending ? (
        <TextSkeleton lines={10} />
      ) : !bytes.data ? (
        <ErrorState error={bytes.error} onRetry={() => void bytes.refetch()} />
      ) : text === null ? (
        <p className="muted">
          This is no text. Remove it and add another one, or add one with the same path.
        </p>
      ) : (
        <Writing {...props} start={text} />
      )}
    </Dialog>
  );
}

type State = 'saved' | 'waiting' | 'failed';

const words: Record<State, string> = {
  saved: 'Saved in your draft',
  waiting: 'Saving…',
  failed: 'Not saved',
};

function Writing({
  component,
  path,
  executable,
  sync,
  start,
}: TextDialogProps & { start: string }) {
  const [text, setText] = useState(start);
  const [state, setState] = useState<State>('saved');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stored = useRef(start);
  const newest = useRef(start);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    const saving = newest.current;
    if (saving === stored.current) return;
    sync
      .beside((etag) => putDraftFile(component, path, saving, etag, executable))
      .then(
        () => {
          stored.current = saving;
          if (newest.current === saving) setState('saved');
        },
        (error: unknown) => {
          setState('failed');
          toastError(error);
        },
      );
  }, [component, path, executable, sync]);
  // What was typed last is saved when the dialog closes.
  useEffect(() => save, [save]);

  return (
    <>
      <p className="muted" role="status">
        {words[state]}
      </p>
      <div className={classes.editor}>
        <CodeEditor
          label={`Text of ${path}`}
          language={languageOf(path)}
          value={text}
          onChange={(next) => {
            setText(next);
            newest.current = next;
            setState('waiting');
            clearTimeout(timer.current);
            timer.current = setTimeout(save, SAVE_AFTER_MS);
          }}
          fill
        />
      </div>
    </>
  );
}
