import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from '@codemirror/commands';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, Prec } from '@codemirror/state';
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
import { newlineOf, toLf, withNewlines } from '@/lib/newlines';
import type { CodeEditorProps } from './CodeEditor';
import classes from './code.module.css';
import { applyInEditor, position, toDiagnostics } from './diagnostics';
import { findingLook } from './look';
import { baseSetup, readOnly } from './setup';

const fromOutside = Annotation.define<boolean>();

/** The real thing, in its own chunk: import `CodeEditor` instead. */
export default function CodeMirrorEditor(props: CodeEditorProps) {
  const { value, label, findings, checked, handle, onChange, fill = false } = props;
  const { language = 'agent' } = props;
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
          baseSetup(label, language),
          lineNumbers(),
          highlightSpecialChars(),
          highlightSelectionMatches(),
          lintGutter(),
          findingLook,
          keymap.of([...searchKeymap, ...lintKeymap]),
          editable
            ? [
                history(),
                drawSelection(),
                highlightActiveLine(),
                // Left to the page, which does something with the whole text.
                Prec.high(keymap.of([{ key: 'Mod-Enter', run: () => true }])),
                keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
              ]
            : readOnly(),
          EditorView.updateListener.of((update) => {
            const outside = update.transactions.some((tr) =>
              tr.annotation(fromOutside),
            );
            if (!update.docChanged || outside) return;
            // CRLF files stay CRLF files, whatever is pasted into them.
            const newline = newlineOf(latest.current.value);
            latest.current.onChange?.(
              withNewlines(update.state.doc.toString(), newline),
            );
          }),
        ],
      }),
    });
    editor.current = view;
    view.dispatch(
      setDiagnostics(
        view.state,
        toDiagnostics(
          view.state.doc,
          latest.current.findings ?? [],
          latest.current.checked ?? latest.current.value,
        ),
      ),
    );
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [label, editable, language]);

  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const before = view.state.doc.toString();
    const after = toLf(value);
    if (before === after) return;
    view.dispatch({
      changes: replacement(before, after),
      annotations: fromOutside.of(true),
    });
  }, [value]);

  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const text = checked ?? latest.current.value;
    const diagnostics = toDiagnostics(view.state.doc, findings ?? [], text);
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }, [findings, checked]);

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
      const text = checked ?? value;
      if (editor.current && editable) applyInEditor(editor.current, finding, text);
    },
    focus: () => editor.current?.focus(),
  }));

  return <div ref={parent} className={classes.code} data-fill={fill || undefined} />;
}
