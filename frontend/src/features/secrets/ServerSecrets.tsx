import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Published } from '@/api/types';
import { revisionQuery } from '@/features/agents/queries';
import { useUser } from '@/lib/use-session';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { secretsQuery } from './queries';
import { SecretRow } from './SecretRow';
import classes from './secrets.module.css';
import { WriteSecret } from './WriteSecret';

/** What a server needs and nobody reads here. For the members of its team. */
export default function ServerSecrets({ server }: { server: Published }) {
  const teams = useUser()?.teams ?? [];
  const member = teams.some(({ id }) => id === server.team.id);
  const secrets = useQuery({ ...secretsQuery(server.id), enabled: member });
  const revision = useQuery(revisionQuery(server.id, server.latest.number));
  const [adding, setAdding] = useState(false);
  if (!member) return null;
  if (secrets.isPending || revision.isPending) return <TextSkeleton lines={3} />;
  const error = secrets.error ?? revision.error;
  if (!secrets.data || !revision.data) {
    return <ErrorState error={error} onRetry={() => void secrets.refetch()} />;
  }
  // What has a default works without a secret.
  const wanted = revision.data.references
    .filter(({ required }) => required)
    .map(({ name }) => name);
  const kept = secrets.data.map(({ key }) => key);
  const names = [...wanted, ...kept.filter((key) => !wanted.includes(key))];
  return (
    <section className={classes.section} aria-labelledby="secrets">
      <h2 id="secrets">Secrets</h2>
      <p className="muted">
        Values for the variables of this server, encrypted and shown to nobody. They are
        bound to its present command or address. Exports hold the variables, never the
        values.
      </p>
      {names.length > 0 && (
        <ul className={classes.list}>
          {names.map((key) => (
            <SecretRow
              key={key}
              name={key}
              server={server}
              secret={secrets.data.find((secret) => secret.key === key)}
              used={wanted.includes(key)}
            />
          ))}
        </ul>
      )}
      {server.permissions.manage ? (
        <Button onClick={() => setAdding(true)}>
          {names.length > 0 ? 'Add another secret' : 'Add a secret'}
        </Button>
      ) : (
        names.length === 0 && <p className="muted">Its configuration names none.</p>
      )}
      {adding && <WriteSecret server={server} onClose={() => setAdding(false)} />}
    </section>
  );
}
