import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ComponentPublic } from '@/api/types';
import { countedAs, type Outcome } from '../bulk';
import classes from './bulk.module.css';
import { reasonOf } from './use-bulk';

/** Which of the chosen were left as they are, and why. */
export function Failures({ outcome }: { outcome: Outcome<ComponentPublic> }) {
  const { done, failed } = outcome;
  if (failed.length === 0) return null;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={16} aria-hidden />}
      title={
        done.length > 0
          ? `${countedAs(done)} done, ${failed.length} not`
          : 'Nothing was changed'
      }
    >
      <ul className={classes.failures}>
        {failed.map((failure) => (
          <li key={failure.item.id}>
            <span className="mono">{failure.item.name}</span> {reasonOf(failure)}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
