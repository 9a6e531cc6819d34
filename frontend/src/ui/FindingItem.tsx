import { Button } from '@mantine/core';
import type { Finding } from '@/api/types';
import { SeverityBadge } from './severity';
import classes from './severity.module.css';

interface FindingItemProps {
  finding: Finding;
  /** Goes to the place in the text. */
  onShow?: (finding: Finding) => void;
  onFix?: (finding: Finding) => void;
}

/** One finding of a list (`<ul>`): what is wrong, where, what to do about it. */
export function FindingItem({ finding, onShow, onFix }: FindingItemProps) {
  const place = `Line ${finding.line}, column ${finding.column}`;
  return (
    <li className={classes.finding}>
      <SeverityBadge severity={finding.severity} />
      <div className={classes.findingText}>
        {finding.message}
        <div className={classes.findingMeta}>
          {onShow ? (
            <button
              type="button"
              className={classes.place}
              onClick={() => onShow(finding)}
            >
              {place}
            </button>
          ) : (
            <span>{place}</span>
          )}
          <span className="mono">{finding.rule}</span>
        </div>
        {finding.evidence && (
          <code className={`mono ${classes.evidence}`}>{finding.evidence}</code>
        )}
      </div>
      {finding.fix && onFix && (
        <Button size="xs" onClick={() => onFix(finding)}>
          {finding.fix.title}
        </Button>
      )}
    </li>
  );
}
