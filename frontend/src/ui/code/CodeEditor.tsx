import { lazy, type Ref, Suspense } from 'react';
import type { Finding } from '@/api/types';
import { TextSkeleton } from '../skeletons';
import type { TextKind } from './setup';

export interface CodeEditorHandle {
  /** Puts the cursor where the finding is. */
  show: (finding: Finding) => void;
  /** Takes the finding's fix, as one step that undo takes back. */
  fix: (finding: Finding) => void;
  focus: () => void;
}

export interface CodeEditorProps {
  value: string;
  /** What the text is, for screen readers: "Source of code-reviewer". */
  label: string;
  /** Without it the text is read-only. */
  onChange?: (value: string) => void;
  /** Shown in the gutter, with their fixes as actions. */
  findings?: readonly Finding[];
  /** The text that the findings are of, where that may be older than `value`. */
  checked?: string;
  /** Markdown with front matter, if nothing is said. */
  language?: TextKind;
  handle?: Ref<CodeEditorHandle>;
  /** Fills its parent's height and scrolls inside, instead of growing. */
  fill?: boolean;
}

const Editor = lazy(() => import('./CodeMirrorEditor'));

/** Markdown with YAML front matter. CodeMirror comes in its own chunk. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<TextSkeleton lines={12} />}>
      <Editor {...props} />
    </Suspense>
  );
}

/** The same, to look at only. */
export function CodeView(props: Omit<CodeEditorProps, 'onChange'>) {
  return <CodeEditor {...props} />;
}
