import type { Action, Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { Finding, Severity } from '@/api/types';
import { applyFixes, codePointIndex, replacement } from '@/lib/fixes';
import { toLf } from '@/lib/newlines';

const WORDS: Record<Severity, string> = {
  error: 'Error',
  warning: 'Warning',
  info: 'Info',
};

/** Position in the document of a 1-based line and code point column, kept inside. */
export function position(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return at.from + codePointIndex(at.text, column - 1);
}

/**
 * Takes the fix, whose offsets count in the text `checked` with its line breaks. Does
 * nothing once the text is another one.
 */
export function applyInEditor(view: EditorView, finding: Finding, checked: string) {
  if (!finding.fix) return;
  const before = toLf(checked);
  if (view.state.doc.toString() !== before) return;
  const after = toLf(applyFixes(checked, [finding.fix]));
  const changes = replacement(before, after);
  view.dispatch({ changes, userEvent: 'input.fix', scrollIntoView: true });
  view.focus();
}

/** The severity as a word, and what is wrong. */
function renderMessage({ severity, message }: Finding): Node {
  const root = document.createElement('div');
  root.className = 'cm-finding';
  const badge = root.appendChild(document.createElement('span'));
  badge.className = `cm-finding-severity cm-finding-${severity}`;
  badge.textContent = WORDS[severity];
  root.appendChild(document.createElement('span')).textContent = message;
  return root;
}

/** `checked` is the text of the findings: their fixes fit no other. */
export function toDiagnostics(
  doc: Text,
  findings: readonly Finding[],
  checked: string,
): Diagnostic[] {
  return findings.map((finding) => {
    const from = position(doc, finding.line, finding.column);
    const to = Math.max(from, position(doc, finding.end_line, finding.end_column));
    const actions: Action[] = finding.fix?.edits.length
      ? [
          {
            name: finding.fix.title,
            apply: (view) => applyInEditor(view, finding, checked),
          },
        ]
      : [];
    return {
      from,
      to,
      severity: finding.severity,
      source: finding.rule,
      message: finding.message,
      renderMessage: () => renderMessage(finding),
      actions,
    };
  });
}
