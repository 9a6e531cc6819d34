import type { Action, Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { Finding } from '@/api/types';
import { applyFixes, codePointIndex, replacement } from '@/lib/fixes';

/** Position in the document of a 1-based line and code point column, kept inside. */
export function position(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return at.from + codePointIndex(at.text, column - 1);
}

/** Line breaks count as they do in the text that the server saw. */
export function applyInEditor(view: EditorView, finding: Finding) {
  if (!finding.fix) return;
  const before = view.state.sliceDoc();
  const after = applyFixes(before, [finding.fix]);
  const doc = view.state.toText(before);
  const change = replacement(doc.toString(), view.state.toText(after).toString());
  view.dispatch({ changes: change, userEvent: 'input.fix', scrollIntoView: true });
  view.focus();
}

export function toDiagnostics(doc: Text, findings: readonly Finding[]): Diagnostic[] {
  return findings.map((finding) => {
    const from = position(doc, finding.line, finding.column);
    const to = Math.max(from, position(doc, finding.end_line, finding.end_column));
    const actions: Action[] = finding.fix
      ? [
          {
            name: finding.fix.title,
            apply: (view) => applyInEditor(view, finding),
          },
        ]
      : [];
    return {
      from,
      to,
      severity: finding.severity,
      source: finding.rule,
      message: finding.message,
      actions,
    };
  });
}
