import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from '@codemirror/commands';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef } from 'react';
import { replacement } from '@/lib/fixes';
import type { CodeEditorProps } from './CodeEditor';
import classes from './code.module.css';
import { applyInEditor, position, toDiagnostics } from './diagnostics';
import { baseSetup, readOnly } from './setup';

const fromOutside = Annotation.define<boolean>();

/** The real thing, in its own chunk: import `CodeEditor` instead. */
export default function CodeMirrorEditor(props: CodeEditorProps) {
  const { value, label, findings, handle, onChange, fill = false } = props;
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const editable = onChange !== undefined;

  useEffect(() => {
    if (!parent.current) return;
    const text = latest.current.value;
    const view = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          baseSetup(label),
          // CRLF files stay CRLF files.
          text.includes('\r\n') ? EditorState.lineSeparator.of('\r\n') : [],
          lineNumbers(),
          highlightSpecialChars(),
          highlightSelectionMatches(),
          lintGutter(),
          keymap.of([...searchKeymap, ...lintKeymap]),
          editable
            ? [
                history(),
                drawSelection(),
                highlightActiveLine(),
                keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
              ]
            : readOnly(),
          EditorView.updateListener.of((update) => {
            const outside = update.transactions.some((tr) =>
              tr.annotation(fromOutside),
            );
            if (update.docChanged && !outside) {
              latest.current.onChange?.(update.state.sliceDoc());
            }
          }),
        ],
      }),
    });
    editor.current = view;
    view.dispatch(
      setDiagnostics(
        view.state,
        toDiagnostics(view.state.doc, latest.current.findings ?? []),
      ),
    );
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [label, editable]);

  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.sliceDoc() === value) return;
    const after = view.state.toText(value).toString();
    view.dispatch({
      changes: replacement(view.state.doc.toString(), after),
      annotations: fromOutside.of(true),
    });
  }, [value]);

  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const diagnostics = toDiagnostics(view.state.doc, findings ?? []);
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }, [findings]);

  useImperativeHandle(handle, () => ({
    show: (finding) => {
      const view = editor.current;
      if (!view) return;
      const anchor = position(view.state.doc, finding.line, finding.column);
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
      });
      view.focus();
    },
    fix: (finding) => {
      if (editor.current && editable) applyInEditor(editor.current, finding);
    },
    focus: () => editor.current?.focus(),
  }));

  return <div ref={parent} className={classes.code} data-fill={fill || undefined} />;
}
