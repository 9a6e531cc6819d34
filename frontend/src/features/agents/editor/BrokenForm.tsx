import { Alert, Button, Group } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { LintResult } from '@/api/types';
import { Fact, FactList } from '@/ui/facts';
import classes from './editor.module.css';
import type { BrokenForm as Broken } from './frontmatter';

interface BrokenFormProps {
  form: Broken;
  /** Of this very text; null while it is being checked. */
  lint: LintResult | null;
  onRepair: (repaired: string) => void;
  onSource: () => void;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}

/** The form of a file whose YAML is broken: to read, with the way to mend it. */
export function BrokenForm({ form, lint, onRepair, onSource }: BrokenFormProps) {
  const repaired = lint?.repaired ?? null;
  return (
    <div className={classes.form}>
      <Alert
        color="red"
        variant="light"
        icon={<IconAlertTriangle size={16} aria-hidden />}
        title="The front matter is not valid YAML"
      >
        <p className={classes.alertText}>
          {form.line !== null && `Line ${form.line}: `}
          {form.message} A strict tool drops the whole file. Until it is mended, the
          form can only be read.
        </p>
        <Group gap="xs">
          {repaired !== null && (
            <Button onClick={() => onRepair(repaired)}>Take the repair</Button>
          )}
          <Button onClick={onSource}>Mend it in the source</Button>
        </Group>
      </Alert>
      {lint && Object.keys(lint.manifest).length > 0 && (
        <section className={classes.readOnly} aria-label="What a person reads in it">
          <FactList>
            {Object.entries(lint.manifest).map(([key, value]) => (
              <Fact key={key} label={key}>
                <span className={classes.factText}>{shown(value)}</span>
              </Fact>
            ))}
          </FactList>
        </section>
      )}
    </div>
  );
}
