import { CodeView } from '@/ui/code/CodeEditor';
import classes from './detail.module.css';
import { toolWord } from './origin';
import type { ImportFileDetail } from './types';

/** The file of another tool, and beside it what it is in ours. */
export function Conversion({ detail }: { detail: ImportFileDetail }) {
  const { path, source, original, tool } = detail;
  const sides = [
    { title: `As ${toolWord(tool)} has it`, text: source ?? '' },
    { title: 'As it is taken', text: original },
  ];
  return (
    <div className={classes.sides}>
      {sides.map(({ title, text }) => (
        <figure key={title}>
          <figcaption>{title}</figcaption>
          <div className={classes.source}>
            <CodeView value={text} label={`${title}: ${path}`} fill />
          </div>
        </figure>
      ))}
    </div>
  );
}
