import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Example } from '@/api/types';
import classes from './detail.module.css';

const FEW = 3;

/** What the description says that people ask. */
export function ExampleList({ examples, path }: { examples: Example[]; path: string }) {
  const [all, setAll] = useState(examples.length <= FEW + 1);
  const shown = all ? examples : examples.slice(0, FEW);
  return (
    <section aria-label={`Examples in ${path}`}>
      <h3>
        Examples in the description{' '}
        <span className="muted tabular">{examples.length}</span>
      </h3>
      <ol className={classes.examples}>
        {shown.map(({ context, user }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two examples may say the same
          <li key={index}>
            <q>{user}</q>
            {context && <span className={classes.context}>{context}</span>}
          </li>
        ))}
      </ol>
      {!all && (
        <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {examples.length} examples
        </Button>
      )}
    </section>
  );
}
