import { Button } from '@mantine/core';
import type { Finding, Health, Severity } from '@/api/types';
import { HealthDot } from '@/ui/severity';
import classes from './editor.module.css';
import type { Lint } from './use-lint';

interface ChecksProps {
  lint: Lint;
  onText: (text: string) => void;
}

function healthOf(findings: readonly Finding[]): Health {
  const count = (severity: Severity) =>
    findings.filter((one) => one.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  const infos = count('info');
  const rest = infos > 0 ? 'info' : 'fine';
  const worst = errors > 0 ? 'error' : warnings > 0 ? 'warning' : rest;
  return { worst, errors, warnings, infos };
}

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
  return (
    <section className={classes.checks} aria-label="Checks">
      <HealthDot health={healthOf(findings)} withText />
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
