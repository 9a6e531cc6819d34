import type { ReactNode } from 'react';
import type { Published, RevisionPublic } from '@/api/types';
import { kindOf } from '@/features/kinds/kinds';
import { Digest, Fact, FactList, LabelChip, RelativeTime } from '@/ui/facts';
import { transportOf } from '../editor/server-json';
import { allowedTools, toolsOf } from '../manifest';
import { authorOf, sourceWords } from './people';
import classes from './read.module.css';

const numbers = new Intl.NumberFormat('en');

interface FactsProps {
  agent: Published;
  revision: RevisionPublic;
}

/** What is true of a revision, beside what it says. */
export function RevisionFacts({ agent, revision }: FactsProps) {
  const { format } = kindOf(agent.kind);
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
      {format === 'json' ? (
        <ServerFacts revision={revision} />
      ) : (
        <PromptFacts agent={agent} revision={revision} />
      )}
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

function PromptFacts({ agent, revision }: FactsProps) {
  const { manifest } = revision;
  const isAgent = agent.kind === 'agent';
  const tools = isAgent ? toolsOf(manifest) : allowedTools(manifest);
  const { model, license, compatibility } = manifest;
  return (
    <>
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
      <Fact label={isAgent ? 'Tools' : 'Allowed tools'}>
        {tools === null ? (
          <span className="muted">
            {isAgent ? 'all of them: it names none' : 'it names none'}
          </span>
        ) : (
          <Chips values={tools} />
        )}
      </Fact>
      {typeof license === 'string' && (
        <Fact label="Licence in the file">{license}</Fact>
      )}
      {typeof compatibility === 'string' && (
        <Fact label="Compatibility">{compatibility}</Fact>
      )}
    </>
  );
}

function ServerFacts({ revision }: { revision: RevisionPublic }) {
  const { references } = revision;
  return (
    <>
      <Fact label="Transport">
        <span className="mono">{transportOf(revision.manifest)}</span>
      </Fact>
      <Fact label="Variables">
        {references.length === 0 ? (
          <span className="muted">it names none</span>
        ) : (
          <ul className={classes.variables}>
            {references.map(({ name, required, default: value }) => (
              <li key={name}>
                <span className="mono">{name}</span>{' '}
                <span className="muted">{meaning(required, value)}</span>
              </li>
            ))}
          </ul>
        )}
      </Fact>
    </>
  );
}

function meaning(required: boolean, value: string | null | undefined): ReactNode {
  if (required) return 'must be set';
  return value ? `else ${value}` : 'else empty';
}

function Chips({ values }: { values: readonly string[] }) {
  return (
    <ul className={classes.chips}>
      {values.map((value) => (
        <li key={value} className={`mono ${classes.chip}`}>
          {value}
        </li>
      ))}
    </ul>
  );
}
