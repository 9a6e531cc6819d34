import { useId } from 'react';
import { describe } from '@/api/problem';
import classes from './secrets.module.css';
import type { ImportFile, ImportPublic, SecretsDecision } from './types';
import { useDecide } from './use-decide';
import { plural } from './wording';

const words: Record<SecretsDecision, { label: string; text: string }> = {
  move: {
    label: 'Move into the store',
    text: 'The file names variables in their place. The values are kept encrypted with the server, and nowhere else.',
  },
  keep: {
    label: 'Keep in the file',
    text: 'Everyone who may read it can read them, in this revision for ever.',
  },
};

/** Only a server has a store that its file can refer to. */
const choicesFor = ({ kind }: ImportFile): SecretsDecision[] =>
  kind === 'server' ? ['move', 'keep'] : ['keep'];

/** What becomes of values in a file that look like secrets. */
export function SecretsControl({ of, file }: { of: ImportPublic; file: ImportFile }) {
  const name = useId();
  const decide = useDecide(of.id, file);
  const many = file.literal_secrets > 1;
  // Shown at once, taken back when the server refuses.
  const chosen = decide.isPending ? decide.variables.secrets : file.secrets;
  return (
    <fieldset className={classes.control} data-undecided={!chosen || undefined}>
      <legend>
        {plural(file.literal_secrets, 'value')} in it{' '}
        {many ? 'look like secrets' : 'looks like a secret'}. What is to become of{' '}
        {many ? 'them' : 'it'}?
      </legend>
      {choicesFor(file).map((choice) => (
        <label key={choice} className={classes.option}>
          <input
            type="radio"
            name={name}
            value={choice}
            checked={chosen === choice}
            aria-describedby={`${name}-${choice}`}
            onChange={() => decide.mutate({ secrets: choice })}
          />
          <span>
            {words[choice].label}
            <span id={`${name}-${choice}`} className={classes.text}>
              {words[choice].text}
            </span>
          </span>
        </label>
      ))}
      {decide.error && (
        <p role="alert" className={classes.error}>
          {describe(decide.error)}
        </p>
      )}
    </fieldset>
  );
}
