import { Button } from '@mantine/core';
import { IconMessage2, IconRobot, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import type { Example } from '@/api/types';
import classes from './conversation.module.css';
import readClasses from './read.module.css';

const FEW = 2;

interface ConversationProps {
  examples: Example[];
  /** Who answers. */
  agent: string;
}

/** The examples of a description as what they are: somebody asks, the tool answers. */
export function Conversation({ examples, agent }: ConversationProps) {
  const [all, setAll] = useState(examples.length <= FEW + 1);
  const shown = all ? examples : examples.slice(0, FEW);
  return (
    <section aria-labelledby="examples">
      <h2 id="examples" className={readClasses.heading}>
        Examples <span className={classes.count}>{examples.length}</span>
      </h2>
      <ol className={classes.examples}>
        {shown.map((example, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two examples may say the same
          <li key={index} className={classes.example}>
            <Turns example={example} agent={agent} />
          </li>
        ))}
      </ol>
      {examples.length > FEW + 1 && (
        <Button
          variant="subtle"
          size="xs"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer examples' : `Show all ${examples.length} examples`}
        </Button>
      )}
    </section>
  );
}

function Turns({ example, agent }: { example: Example; agent: string }) {
  const { context, user, assistant, commentary } = example;
  return (
    <>
      {context && <p className={classes.context}>{context}</p>}
      <div className={classes.turn} data-who="user">
        <span className={classes.who}>
          <IconUser size={14} stroke={1.8} aria-hidden />
          User
        </span>
        <p className={classes.bubble}>{user}</p>
      </div>
      {assistant && (
        <div className={classes.turn} data-who="assistant">
          <span className={classes.who}>
            <IconRobot size={14} stroke={1.8} aria-hidden />
            Assistant
          </span>
          <p className={classes.bubble}>{named(assistant, agent)}</p>
        </div>
      )}
      {commentary && (
        <p className={classes.commentary}>
          <IconMessage2 size={14} stroke={1.8} aria-hidden />
          <span>
            <span className={classes.why}>Why: </span>
            {commentary}
          </span>
        </p>
      )}
    </>
  );
}

/** The agent's own name stands out where it is called. */
function named(text: string, agent: string) {
  const parts = text.split(agent);
  return parts.flatMap((part, index) =>
    index === 0
      ? [part]
      : [
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text never move
          <b key={index} className="mono">
            {agent}
          </b>,
          part,
        ],
  );
}
