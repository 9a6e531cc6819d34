import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Finding, Rule } from '@/api/types';
import { SeverityBadge } from '@/ui/severity';
import { rulesQuery } from '../queries';
import classes from './source.module.css';

interface FindingListProps {
  findings: readonly Finding[];
  onShow: (finding: Finding) => void;
}

/** What was found, in the order of the text; what each rule means is one click away. */
export function FindingList({ findings, onShow }: FindingListProps) {
  const rules = useQuery({ ...rulesQuery, enabled: findings.length > 0 });
  return (
    <>
      <h2 className={classes.heading}>
        Findings{' '}
        {findings.length > 0 && <span className="muted">{findings.length}</span>}
      </h2>
      {findings.length === 0 ? (
        <p className={classes.fine}>
          <IconCircleCheck size={16} stroke={1.8} aria-hidden />
          Nothing found: every tool can read this file.
        </p>
      ) : (
        <ul className={classes.findings}>
          {findings.map((finding, index) => (
            <FindingEntry
              // biome-ignore lint/suspicious/noArrayIndexKey: findings never move
              key={index}
              finding={finding}
              rule={rules.data?.items.find(({ id }) => id === finding.rule)}
              onShow={onShow}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface FindingEntryProps {
  finding: Finding;
  rule: Rule | undefined;
  onShow: (finding: Finding) => void;
}

function FindingEntry({ finding, rule, onShow }: FindingEntryProps) {
  return (
    <li className={classes.finding}>
      <div className={classes.findingHead}>
        <SeverityBadge severity={finding.severity} />
        <button type="button" className={classes.place} onClick={() => onShow(finding)}>
          Line {finding.line}, column {finding.column}
        </button>
      </div>
      <p className={classes.message}>{finding.message}</p>
      {finding.evidence && (
        <code className={`mono ${classes.evidence}`}>{finding.evidence}</code>
      )}
      <details className={classes.help}>
        <summary>
          <span className="mono">{finding.rule}</span>
        </summary>
        <p>
          {rule ? (
            <>
              <b>{rule.title}.</b> {rule.help}
            </>
          ) : (
            'What this rule means could not be read just now.'
          )}
        </p>
      </details>
    </li>
  );
}
