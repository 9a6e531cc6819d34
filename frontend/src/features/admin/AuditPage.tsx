import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { AuditVerdict } from '@/api/types';
import { AuditLog } from '@/features/audit/AuditLog';
import { verifyAudit } from '@/features/audit/queries';
import type { AuditSearch } from '@/features/audit/search';
import classes from './admin.module.css';

interface AuditPageProps {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

/** All that happened on this instance, and whether the log is whole. */
export function AuditPage(props: AuditPageProps) {
  const verify = useMutation({ mutationFn: verifyAudit });
  return (
    <>
      <div className={classes.verify}>
        <Button
          leftSection={<IconShieldCheck size={16} stroke={1.7} aria-hidden />}
          loading={verify.isPending}
          onClick={() => verify.mutate()}
        >
          Verify the log
        </Button>
        <div className={classes.verdict} role="status">
          {verify.data ? (
            <Verdict verdict={verify.data} />
          ) : (
            <span className="muted">
              Events are sealed into a chain: a change or a gap shows.
            </span>
          )}
        </div>
      </div>
      <AuditLog team={null} {...props} />
    </>
  );
}

const numbers = new Intl.NumberFormat('en');

const counted = (count: number, one: string, many: string) =>
  `${numbers.format(count)} ${count === 1 ? one : many}`;

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  const { intact, sealed, unsealed, checkpoints, first_problem } = verdict;
  return (
    <Alert
      variant="light"
      color={intact ? 'teal' : 'red'}
      icon={
        intact ? (
          <IconShieldCheck size={16} aria-hidden />
        ) : (
          <IconAlertTriangle size={16} aria-hidden />
        )
      }
    >
      {intact ? 'The log is whole. ' : 'The log was tampered with. '}
      {first_problem && `${first_problem} `}
      {counted(sealed, 'event is', 'events are')} sealed
      {checkpoints > 0 &&
        `, under ${counted(checkpoints, 'checkpoint', 'checkpoints')}`}
      {unsealed > 0 && `; ${numbers.format(unsealed)} wait for the next seal`}.
    </Alert>
  );
}
