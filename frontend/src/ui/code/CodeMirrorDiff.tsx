import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import classes from './code.module.css';
import type { DiffTextProps } from './DiffView';
import { diffLook } from './look';
import { baseSetup, readOnly } from './setup';

const collapseUnchanged = { margin: 3, minSize: 4 };

/** The real thing, in its own chunk: import `DiffView` instead. */
export default function CodeMirrorDiff(props: DiffTextProps) {
  const { original, modified, label, split } = props;
  const parent = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!parent.current) return;
    const extensions = (side: string) => [
      baseSetup(`${label}, ${side}`),
      diffLook,
      lineNumbers(),
      readOnly(),
    ];
    const view = split
      ? new MergeView({
          parent: parent.current,
          a: { doc: original, extensions: extensions('before') },
          b: { doc: modified, extensions: extensions('after') },
          collapseUnchanged,
          gutter: true,
        })
      : new EditorView({
          parent: parent.current,
          doc: modified,
          extensions: [
            extensions('changes'),
            unifiedMergeView({ original, mergeControls: false, collapseUnchanged }),
          ],
        });
    return () => view.destroy();
  }, [original, modified, label, split]);

  return <div ref={parent} className={classes.code} data-diff={split ? 'split' : ''} />;
}
