import type { ReactNode } from 'react';
import { sizeOf } from '@/features/files/tree';
import { spanOf } from '@/features/jobs/words';
import { RelativeTime } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import classes from './health.module.css';
import { engineWords, type InstanceHealth } from './words';

export function HealthFacts({ health }: { health: InstanceHealth }) {
  const { database, process } = health;
  const { database_schema: schema, needed_schema: needed } = database;
  return (
    <dl className={classes.facts}>
      <Fact label="Roster">
        {health.version}
        {health.environment !== 'production' && ` (${health.environment})`}
      </Fact>
      <Fact label="Python">{health.python}</Fact>
      <Fact label="Database">
        {engineWords[database.engine]} {database.version}, {sizeOf(database.bytes)}
      </Fact>
      <Fact label="Schema">
        {schema ?? 'none'}
        {schema !== needed && `, and this version needs ${needed ?? 'none'}`}
      </Fact>
      <Fact label="This process">
        up {spanOf(process.uptime_seconds)}, started{' '}
        <RelativeTime at={process.started_at} />
      </Fact>
      {process.memory_bytes > 0 && (
        <Fact label="Memory">{sizeOf(process.memory_bytes)}</Fact>
      )}
      {process.open_files > 0 && <Fact label="Open files">{process.open_files}</Fact>}
      <Fact label="Jobs">
        {process.does_jobs ? 'done here' : 'done by workers'},{' '}
        <AnchorLink to="/admin/jobs">see the queues</AnchorLink>
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}
