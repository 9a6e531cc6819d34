import { useQuery } from '@tanstack/react-query';
import type { Published, RevisionPublic } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { Digest, Fact, FactList, LabelChip, RelativeTime } from '@/ui/facts';
import { Markdown } from '@/ui/markdown/Markdown';
import { TextSkeleton } from '@/ui/skeletons';
import { proseOf } from '../description';
import { toolsOf } from '../manifest';
import { revisionQuery } from '../queries';
import { Conversation } from './Conversation';
import { ManifestTable } from './ManifestTable';
import { authorOf, sourceWords } from './people';
import classes from './read.module.css';
import type { TabProps } from './tab-code';

const numbers = new Intl.NumberFormat('en');

/** The agent as a person reads it. */
export default function ReadTab({ agent, number }: TabProps) {
  const revision = useQuery(revisionQuery(agent.id, number));
  if (revision.isPending) return <TextSkeleton lines={12} />;
  if (!revision.data) {
    return (
      <ErrorState error={revision.error} onRetry={() => void revision.refetch()} />
    );
  }
  const { manifest, body, examples, findings } = revision.data;
  const prose =
    typeof manifest.description === 'string' ? proseOf(manifest.description) : '';
  return (
    <div className={classes.layout}>
      <div className={classes.main}>
        <section aria-labelledby="description">
          <h2 id="description" className={classes.heading}>
            When to call it
          </h2>
          {prose ? (
            <p className={classes.prose}>{prose}</p>
          ) : (
            <p className="muted">
              It has no description, so no tool knows when to call it.
            </p>
          )}
        </section>
        {examples.length > 0 && <Conversation examples={examples} agent={agent.name} />}
        <section aria-labelledby="body">
          <h2 id="body" className={classes.heading}>
            What it is told
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
      </div>
      <aside className={classes.side} aria-label="Facts">
        <Facts agent={agent} revision={revision.data} />
      </aside>
    </div>
  );
}

function Facts({ agent, revision }: { agent: Published; revision: RevisionPublic }) {
  const tools = toolsOf(revision.manifest);
  const { model } = revision.manifest;
  return (
    <FactList>
      <Fact
        label={revision.number === agent.latest.number ? 'Latest revision' : 'Revision'}
      >
        <span className={classes.labelled}>
          <span className={classes.number}>{revision.number}</span>
          {revision.labels.map((label) => (
            <LabelChip key={label} name={label} />
          ))}
        </span>
      </Fact>
      <Fact label="Published">
        {authorOf(revision.author)}, <RelativeTime at={revision.created_at} />
        <div className="muted">{sourceWords[revision.source]}</div>
      </Fact>
      <Fact label="Tokens">
        <span className="tabular">{numbers.format(revision.description_tokens)}</span>{' '}
        description
        <br />
        <span className="tabular">{numbers.format(revision.body_tokens)}</span> body
      </Fact>
      <Fact label="Model">
        {typeof model === 'string' ? (
          <span className="mono">{model}</span>
        ) : (
          <span className="muted">the tool's own choice</span>
        )}
      </Fact>
      <Fact label="Tools">
        {tools === null ? (
          <span className="muted">all of them: it names none</span>
        ) : (
          <ul className={classes.chips}>
            {tools.map((tool) => (
              <li key={tool} className={`mono ${classes.chip}`}>
                {tool}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact label="Digest">
        <Digest value={revision.digest} />
      </Fact>
      {revision.encoding !== 'utf-8' && (
        <Fact label="Encoding">
          <span className="mono">{revision.encoding}</span>
        </Fact>
      )}
    </FactList>
  );
}
