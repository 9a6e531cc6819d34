import { Button, Checkbox } from '@mantine/core';
import { describe } from '@/api/problem';
import type { Finding } from '@/api/types';
import { codePointIndex } from '@/lib/fixes';
import classes from './detail.module.css';
import type { ImportFile, ImportFileDetail, ImportPublic } from './types';
import { useDecide } from './use-decide';

interface ProposalsProps {
  of: ImportPublic;
  file: ImportFile;
  detail: ImportFileDetail;
}

const LONG = 80;

/** Fixes that somebody should look at before they are taken. */
export function Proposals({ of, file, detail }: ProposalsProps) {
  const decide = useDecide(of.id, file);
  const proposals = detail.findings
    .map((finding, index) => ({ finding, index }))
    .filter(({ finding }) => finding.fix && !finding.fix.safe);
  if (proposals.length === 0) return null;

  const saving = decide.isPending ? decide.variables.accept_fixes : undefined;
  const accepted = new Set(saving ?? detail.accepted_fixes);
  const take = (indices: Iterable<number>) =>
    decide.mutate({ accept_fixes: [...indices].sort((a, b) => a - b) });
  const toggle = (index: number) => {
    const next = new Set(accepted);
    if (!next.delete(index)) next.add(index);
    take(next);
  };
  const all = proposals.every(({ index }) => accepted.has(index));
  return (
    <section aria-label={`Proposals for ${file.path}`}>
      <div className={classes.textHead}>
        <h3>
          Proposals to review{' '}
          <span className="muted tabular">
            {accepted.size} of {proposals.length} taken
          </span>
        </h3>
        {proposals.length > 1 && (
          <Button
            size="xs"
            onClick={() => take(all ? [] : proposals.map(({ index }) => index))}
          >
            {all ? 'Take none' : `Take all ${proposals.length}`}
          </Button>
        )}
      </div>
      <p className={classes.note}>
        These change what the file says, so none is taken by itself. What you take
        becomes part of the repaired file.
      </p>
      {decide.error && (
        <p role="alert" className={classes.error}>
          {describe(decide.error)}
        </p>
      )}
      <ul className={classes.findings}>
        {proposals.map(({ finding, index }) => (
          <li key={index} className={classes.proposal}>
            <Checkbox
              size="sm"
              checked={accepted.has(index)}
              onChange={() => toggle(index)}
              label={finding.message}
              description={`Line ${finding.line} · ${finding.rule}`}
            />
            <BeforeAfter finding={finding} text={detail.original} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The line as it is and as it would be. */
function BeforeAfter({ finding, text }: { finding: Finding; text: string }) {
  const edit = finding.fix?.edits[0];
  if (!edit || finding.fix?.edits.length !== 1) return null;
  const from = codePointIndex(text, edit.start);
  const to = codePointIndex(text, edit.end);
  if (to - from > LONG || edit.text.length > LONG) return null;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to);
  const before = text.slice(Math.max(lineStart, from - LONG), from).trimStart();
  const after = text.slice(to, Math.min(end < 0 ? text.length : end, to + LONG));
  return (
    <div className={`mono ${classes.beforeAfter}`}>
      <span>
        {before}
        <del>{text.slice(from, to)}</del>
        {after}
      </span>
      <span>
        {before}
        <ins>{edit.text}</ins>
        {after}
      </span>
    </div>
  );
}
