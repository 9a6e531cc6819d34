import type { RevisionPublic } from '@/api/types';
import { CopyText } from '@/ui/facts';
import { type JsonObject, listOf, pairsOf } from '../editor/server-json';
import { ManifestTable } from './ManifestTable';
import classes from './read.module.css';

const SHOWN = ['type', 'command', 'args', 'url', 'httpUrl', 'env', 'headers'];

/** As somebody would type it into a shell. */
const quoted = (word: string) =>
  /^[\w@%+=:,./$"{}-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The configuration of a server: what it starts or where it answers, and with what. */
export default function ServerRead({ revision }: { revision: RevisionPublic }) {
  const server = revision.manifest as JsonObject;
  const { command, description } = server;
  const url = server.url ?? server.httpUrl;
  const line = [command, ...(listOf(server.args) ?? [])].map(String).map(quoted);
  const others = Object.entries(server).filter(([key]) => !SHOWN.includes(key));
  return (
    <>
      {typeof description === 'string' && (
        <p className={classes.prose}>{description}</p>
      )}
      {command !== undefined && (
        <section aria-labelledby="command">
          <h2 id="command" className={classes.heading}>
            What it starts
          </h2>
          <CopyText value={line.join(' ')} what="command" />
        </section>
      )}
      {url !== undefined && (
        <section aria-labelledby="url">
          <h2 id="url" className={classes.heading}>
            Where it answers
          </h2>
          <CopyText value={String(url)} what="address" />
        </section>
      )}
      <Pairs title="Environment" id="env" pairs={pairsOf(server.env)} />
      <Pairs title="Headers" id="headers" pairs={pairsOf(server.headers)} />
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others" className={classes.heading}>
            Other keys
          </h2>
          <ManifestTable
            manifest={Object.fromEntries(others)}
            findings={revision.findings}
          />
        </section>
      )}
    </>
  );
}

interface PairsProps {
  title: string;
  id: string;
  /** Null where its shape is another; the source shows it. */
  pairs: [string, string][] | null;
}

function Pairs({ title, id, pairs }: PairsProps) {
  if (pairs !== null && pairs.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={classes.heading}>
        {title}
      </h2>
      {pairs === null ? (
        <p className="muted">It has another shape than tools expect: see the source.</p>
      ) : (
        <dl className={classes.manifest}>
          {pairs.map(([name, value]) => (
            <div key={name}>
              <dt className="mono">{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
