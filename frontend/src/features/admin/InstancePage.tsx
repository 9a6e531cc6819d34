import { useQuery } from '@tanstack/react-query';
import { instanceQuery } from '@/api/queries';
import { InvitationList } from '@/features/teams/InvitationList';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './admin.module.css';
import { PolicyForm } from './PolicyForm';
import { policyQuery } from './queries';

/** What administrators decide while the instance runs. */
export function InstancePage() {
  const policy = useQuery(policyQuery);
  const { data: instance } = useQuery(instanceQuery);
  if (policy.isPending) return <TextSkeleton lines={10} />;
  if (!policy.data) {
    return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />;
  }
  return (
    <>
      <PolicyForm policy={policy.data} />
      <section className={classes.invitations} aria-labelledby="instance-invitations">
        <h2 id="instance-invitations">Invitations to this instance</h2>
        <InvitationList team={null} to={instance?.name ?? 'this instance'} />
      </section>
    </>
  );
}
