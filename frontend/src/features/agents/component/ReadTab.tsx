import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { RevisionPublic } from '@/api/types';
import { type Kind, kindOf } from '@/features/kinds/kinds';
import { ErrorState } from '@/ui/ErrorState';
import { Markdown } from '@/ui/markdown/Markdown';
import { TextSkeleton } from '@/ui/skeletons';
import { proseOf } from '../description';
import { revisionQuery } from '../queries';
import { Conversation } from './Conversation';
import { ManifestTable } from './ManifestTable';
import { RevisionFacts } from './RevisionFacts';
import classes from './read.module.css';
import type { TabProps } from './tab-code';

const ServerRead = lazy(() => import('./ServerRead'));

/** The component as a person reads it. */
export default function ReadTab({ agent, number }: TabProps) {
  const revision = useQuery(revisionQuery(agent.id, number));
  if (revision.isPending) return <TextSkeleton lines={12} />;
  if (!revision.data) {
    return (
      <ErrorState error={revision.error} onRetry={() => void revision.refetch()} />
    );
  }
  const kind = kindOf(agent.kind);
  return (
    <div className={classes.layout}>
      <div className={classes.main}>
        {kind.format === 'json' ? (
          <Suspense fallback={<TextSkeleton lines={8} />}>
            <ServerRead revision={revision.data} />
          </Suspense>
        ) : (
          <MarkdownRead kind={kind} name={agent.name} revision={revision.data} />
        )}
      </div>
      <aside className={classes.side} aria-label="Facts">
        <RevisionFacts agent={agent} revision={revision.data} />
      </aside>
    </div>
  );
}

interface MarkdownReadProps {
  kind: Kind;
  name: string;
  revision: RevisionPublic;
}

function MarkdownRead({ kind, name, revision }: MarkdownReadProps) {
  const { manifest, body, examples, findings } = revision;
  const [when, told] = kind.reads;
  const prose =
    typeof manifest.description === 'string' ? proseOf(manifest.description) : '';
  return (
    <>
      <section aria-labelledby="description">
        <h2 id="description" className={classes.heading}>
          {when}
        </h2>
        {prose ? (
          <p className={classes.prose}>{prose}</p>
        ) : (
          <p className="muted">
            {kind.named === 'path'
              ? 'It has no description.'
              : 'It has no description, so no tool knows when to call it.'}
          </p>
        )}
      </section>
      {revision.arguments.length > 0 && (
        <Arguments names={revision.arguments} hint={manifest['argument-hint']} />
      )}
      {examples.length > 0 && <Conversation examples={examples} agent={name} />}
      <section aria-labelledby="body">
        <h2 id="body" className={classes.heading}>
          {told}
        </h2>
        <div className={classes.body}>
          {body.trim() ? (
            <Markdown text={body} />
          ) : (
            <p className="muted">Nothing: the file ends after its front matter.</p>
          )}
        </div>
      </section>
      <section aria-labelledby="manifest">
        <h2 id="manifest" className={classes.heading}>
          Front matter
        </h2>
        <ManifestTable manifest={manifest} findings={findings} />
      </section>
    </>
  );
}

/** Where the text of a command takes what was typed behind its name. */
function Arguments({ names, hint }: { names: readonly string[]; hint: unknown }) {
  return (
    <section aria-labelledby="arguments">
      <h2 id="arguments" className={classes.heading}>
        Arguments
      </h2>
      <ul className={classes.chips}>
        {names.map((name) => (
          <li key={name} className={`mono ${classes.chip}`}>
            {name}
          </li>
        ))}
      </ul>
      {typeof hint === 'string' && hint.trim() && (
        <p className="muted">
          It asks for <span className="mono">{hint}</span>.
        </p>
      )}
    </section>
  );
}
