import { EditorView } from '@codemirror/view';
import { screen } from '@testing-library/react';
import { createRef, useState } from 'react';
import { expect, it } from 'vitest';
import type { Finding } from '@/api/types';
import { renderUi } from '@/test/render';
import type { CodeEditorHandle } from './CodeEditor';
import CodeMirrorEditor from './CodeMirrorEditor';

let text = '';
let setText: (text: string) => void = () => {};
const handle = createRef<CodeEditorHandle>();

function Host({ start, findings }: { start: string; findings?: Finding[] }) {
  const [value, setValue] = useState(start);
  text = value;
  setText = setValue;
  return (
    <CodeMirrorEditor
      label="Source"
      value={value}
      onChange={setValue}
      findings={findings ?? []}
      checked={start}
      handle={handle}
    />
  );
}

function show(start: string, findings: Finding[] = []): EditorView {
  renderUi(<Host start={start} findings={findings} />);
  const view = EditorView.findFromDOM(screen.getByLabelText('Source'));
  if (!view) throw new Error('No editor');
  return view;
}

const insert = (view: EditorView, at: number, what: string) =>
  view.dispatch({ changes: { from: at, insert: what }, userEvent: 'input.paste' });

const finding = (edits: { start: number; end: number; text: string }[]): Finding => ({
  rule: 'yaml.invalid',
  severity: 'error',
  line: 2,
  column: 1,
  end_line: 2,
  end_column: 2,
  message: 'Put it in quotes.',
  evidence: null,
  fix: { title: 'Quote it', edits, safe: true },
});

it('keeps CRLF, whatever is pasted and whoever changes the text', async () => {
  const view = show('a\r\nb\r\n');
  insert(view, 1, 'x\ny');
  await expect.poll(() => text).toBe('ax\r\ny\r\nb\r\n');
  setText('ax\r\nnew\r\nlines\r\nb\r\n');
  await expect.poll(() => view.state.doc.lines).toBe(5);
  insert(view, 0, '!');
  await expect.poll(() => text).toBe('!ax\r\nnew\r\nlines\r\nb\r\n');
});

it('takes a fix whose offsets count in the text that was checked', async () => {
  const found = finding([{ start: 4, end: 5, text: '"b"' }]);
  show('🚀\r\n b\r\n', [found]);
  handle.current?.fix(found);
  await expect.poll(() => text).toBe('🚀\r\n "b"\r\n');
});

it('takes no fix once the text is another one', async () => {
  const found = finding([{ start: 2, end: 3, text: '"b"' }]);
  const view = show('a\nb\n', [found]);
  insert(view, 0, 'x');
  handle.current?.fix(found);
  await expect.poll(() => text).toBe('xa\nb\n');
});
