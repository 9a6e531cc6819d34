import { useId } from 'react';
import classes from './decision.module.css';
import type { ImportDecision, ImportFile } from './types';
import { decisionWords } from './wording';

interface DecisionControlProps {
  file: ImportFile;
  /** Whether there is a repaired text to take. */
  repairable: boolean;
  onChange: (decision: ImportDecision) => void;
}

/** What to do with a file. Plain radio buttons: arrow keys choose, Tab goes on. */
export function DecisionControl({ file, repairable, onChange }: DecisionControlProps) {
  const name = useId();
  const options: ImportDecision[] = [
    ...(repairable ? (['repaired'] as const) : []),
    'original',
    'skip',
    // Which one instead is chosen beside its name.
    ...(file.decision === 'reuse' ? (['reuse'] as const) : []),
  ];
  return (
    <fieldset className={classes.control}>
      <legend className={classes.legend}>What to do with {file.path}</legend>
      {options.map((option) => (
        <label key={option} className={classes.option} data-decision={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={file.decision === option}
            onChange={() => onChange(option)}
          />
          <span>
            {option === 'original' && !repairable ? 'Take' : decisionWords[option]}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
