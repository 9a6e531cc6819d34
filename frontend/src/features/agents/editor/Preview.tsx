import { IconMessage, IconRobot } from '@tabler/icons-react';
import type { Example } from '@/api/types';
import { Markdown } from '@/ui/markdown/Markdown';
import classes from './editor.module.css';

interface PreviewProps {
  body: string;
  examples: readonly Example[];
}

/** The prompt as a reader sees it, and the examples of the description. */
export function Preview({ body, examples }: PreviewProps) {
  return (
    <div className={classes.preview}>
      {examples.length > 0 && (
        <section aria-label="Examples">
          <h2 className={classes.sideHeading}>
            {examples.length === 1 ? 'One example' : `${examples.length} examples`}
          </h2>
          <ol className={classes.examples}>
            {examples.map((example, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: examples have no identity
              <li key={index}>
                {example.context && <p className="muted">{example.context}</p>}
                <p className={classes.said}>
                  <IconMessage size={14} stroke={1.7} aria-label="The person" />
                  <span>{example.user}</span>
                </p>
                {example.assistant && (
                  <p className={classes.said}>
                    <IconRobot size={14} stroke={1.7} aria-label="The agent" />
                    <span>{example.assistant}</span>
                  </p>
                )}
                {example.commentary && <p className="muted">{example.commentary}</p>}
              </li>
            ))}
          </ol>
        </section>
      )}
      {body.trim() ? (
        <Markdown text={body} />
      ) : (
        <p className={classes.calm}>There is no prompt yet.</p>
      )}
    </div>
  );
}
