import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useRef } from 'react';
import { describe } from '@/api/problem';
import type { Finding } from '@/api/types';
import { applyFixes } from '@/lib/fixes';
import { FindingItem } from '@/ui/FindingItem';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './editor.module.css';
import type { Lint } from './use-lint';

interface FindingsPanelProps {
  lint: Lint;
  text: string;
  onText: (text: string) => void;
  onShow: (finding: Finding) => void;
}

const isSafe = ({ fix }: Finding) => fix?.safe === true && fix.edits.length > 0;
const isProposal = ({ fix }: Finding) => fix?.safe === false && fix.edits.length > 0;

/** A fix that changes only how a file is stored has nothing to do in the editor. */
const withoutEmptyFix = (finding: Finding): Finding =>
  finding.fix?.edits.length === 0 ? { ...finding, fix: null } : finding;

const identity = (finding: Finding) =>
  `${finding.rule}:${finding.line}:${finding.column}:${finding.end_column}`;

/** What the checks say about the text, with what mends it. */
export function FindingsPanel({ lint, text, onText, onShow }: FindingsPanelProps) {
  const list = useRef<HTMLDivElement>(null);
  const { result, pending, error } = lint;
  if (!result) {
    if (text === '') return <p className={classes.calm}>The file is empty.</p>;
    if (error) return <p className={classes.calm}>Not checked. {describe(error)}</p>;
    return <TextSkeleton lines={4} />;
  }
  const { findings, repaired } = result;
  const safe = findings.filter(isSafe).length;
  const take = (after: string) => {
    onText(after);
    // The button that had the focus goes away.
    list.current?.focus();
  };
  const fix = (finding: Finding) => {
    if (finding.fix && !pending) take(applyFixes(text, [finding.fix]));
  };
  const items = (of: readonly Finding[]) => (
    <ul className={classes.findings} data-pending={pending || undefined}>
      {of.map((finding) => (
        <FindingItem
          key={identity(finding)}
          finding={withoutEmptyFix(finding)}
          onShow={onShow}
          onFix={fix}
        />
      ))}
    </ul>
  );
  const proposals = findings.filter(isProposal);
  const others = findings.filter((finding) => !isProposal(finding));

  return (
    <div ref={list} tabIndex={-1} className={classes.findingsPanel}>
      {error !== null && (
        <p className={classes.calm}>
          The newest text is not checked. {describe(error)}
        </p>
      )}
      {findings.length === 0 && error === null && (
        <p className={classes.calm}>
          <IconCircleCheck size={16} stroke={1.7} aria-hidden />
          The checks find nothing to mend.
        </p>
      )}
      {repaired !== null && safe > 0 && (
        <div className={classes.repair}>
          <span>
            {safe === 1 ? 'One fix keeps' : `${safe} fixes keep`} what the file means.
          </span>
          <Button
            size="xs"
            disabled={pending}
            onClick={() => {
              if (!pending) take(repaired);
            }}
          >
            {safe === 1 ? 'Apply it' : 'Apply all safe fixes'}
          </Button>
        </div>
      )}
      {others.length > 0 && items(others)}
      {proposals.length > 0 && (
        <section aria-label="Proposals">
          <h2 className={classes.sideHeading}>Proposals to review one by one</h2>
          {items(proposals)}
        </section>
      )}
    </div>
  );
}
