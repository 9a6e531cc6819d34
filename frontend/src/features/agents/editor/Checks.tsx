import { Button } from '@mantine/core';
import type { Severity } from '@/api/types';
import { SeverityBadge } from '@/ui/severity';
import classes from './editor.module.css';
import type { Lint } from './use-lint';

interface ChecksProps {
  lint: Lint;
  text: string;
  onText: (text: string) => void;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];
const WORDS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** What the checks say about the text, in a few lines. */
export function Checks({ lint, onText }: ChecksProps) {
  const { result, pending, error } = lint;
  if (pending || !result) {
    return (
      <p className={classes.calm} role="status">
        {error ? 'The text could not be checked.' : 'Checking the text…'}
      </p>
    );
  }
  const { findings, repaired, ok, strict_yaml_ok: strict } = result;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const counts = ORDER.map((severity) => ({
    severity,
    count: findings.filter((one) => one.severity === severity).length,
  })).filter(({ count }) => count > 0);
  return (
    <section className={classes.checks} aria-label="Checks">
      <div className={classes.checksLine}>
        {counts.length === 0 && (
          <>
            <SeverityBadge severity="fine" /> The checks find nothing to mend.
          </>
        )}
        {counts.map(({ severity, count }) => (
          <span key={severity} className={classes.checksLine}>
            <SeverityBadge severity={severity} />
            {count} {WORDS[severity]}
            {count === 1 ? '' : 's'}
          </span>
        ))}
      </div>
      {!ok && (
        <strong>
          This cannot be published: no name and description can be read from it.
        </strong>
      )}
      {ok && strict === false && (
        <strong>Strict tools will drop this file, because its YAML is invalid.</strong>
      )}
      {errors.length > 0 && (
        <ul>
          {errors.slice(0, 5).map((finding) => (
            <li key={`${finding.rule}:${finding.line}:${finding.column}`}>
              Line {finding.line}: {finding.message}
            </li>
          ))}
          {errors.length > 5 && <li>and {errors.length - 5} more</li>}
        </ul>
      )}
      {errors.length > 0 && repaired !== null && (
        <div>
          <Button size="xs" onClick={() => onText(repaired)}>
            Take the repair
          </Button>
        </div>
      )}
    </section>
  );
}
