import { Button, SegmentedControl } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { CopyButton } from '@/ui/CopyButton';
import { CodeEditor } from '@/ui/code/CodeEditor';
import { DiffView } from '@/ui/code/DiffView';
import classes from './editor.module.css';
import { type Choice, clashesOf, composeMerge, mergeRegions } from './merge';
import type { Conflict } from './reconcile';

/** What the two sides are called, and how it came to two of them. */
export interface ConflictNames {
  mine: string;
  theirs: string;
  base: string;
  lead: string;
  /** How long what was not chosen is at hand. */
  kept: string;
}

interface ConflictViewProps {
  conflict: Pick<Conflict, 'mine' | 'theirs' | 'base'>;
  names: ConflictNames;
  /** Goes on with this text; what was not chosen is set aside. */
  onResolve: (text: string) => void;
  /** Back to the text without a decision; not for a draft that cannot be saved. */
  onLater?: () => void;
  /** What is to be decided beside the text. */
  files?: ReactNode;
}

type Compared = 'theirs-mine' | 'base-mine' | 'base-theirs';

/** What the person was working on has given way to this. */
const takeFocus = (heading: HTMLElement | null) => heading?.focus();

const lower = (name: string) => name[0]?.toLowerCase() + name.slice(1);

/** Of what changed while a draft was edited. */
export function namesOf({ kind, number, author }: Conflict): ConflictNames {
  const published = kind === 'published';
  return {
    mine: 'Your text',
    theirs: published ? `Revision ${number}` : 'The draft in the other tab',
    base: 'Before both',
    lead: published
      ? `${author ?? 'Somebody'} published revision ${number} while you were editing.`
      : 'Your draft was changed in another tab or browser.',
    kept: 'What you do not choose can be copied until you leave the page.',
  };
}

/** Mine, theirs and what both began with; the person decides, nothing is lost. */
export function ConflictView(props: ConflictViewProps) {
  const { names, onResolve, onLater } = props;
  const { mine, theirs, base } = props.conflict;
  const regions = useMemo(() => mergeRegions(mine, base, theirs), [mine, base, theirs]);
  const clashes = clashesOf(regions);
  const [merging, setMerging] = useState(false);
  const [compared, setCompared] = useState<Compared>('theirs-mine');
  const texts = { mine, theirs, base };
  const [from, to] = compared.split('-') as [keyof typeof texts, keyof typeof texts];

  if (merging) {
    return (
      <MergeEditor
        regions={regions}
        theirs={names.theirs}
        files={props.files}
        onResolve={onResolve}
        onBack={() => setMerging(false)}
      />
    );
  }
  return (
    <section className={classes.conflict} aria-labelledby="conflict">
      <div className={classes.conflictHead}>
        <div>
          <h2 id="conflict" tabIndex={-1} ref={takeFocus}>
            Two versions of one text
          </h2>
          <p>
            {names.lead}{' '}
            {clashes.length === 0
              ? 'You changed different lines, so both changes fit together.'
              : `You both changed the same lines in ${clashes.length === 1 ? 'one place' : `${clashes.length} places`}.`}{' '}
            {names.kept}
          </p>
        </div>
        <div className={classes.choices}>
          {onLater && <Button onClick={onLater}>Decide later</Button>}
          <Button onClick={() => onResolve(theirs)}>Take {lower(names.theirs)}</Button>
          <Button onClick={() => onResolve(mine)}>Keep {lower(names.mine)}</Button>
          <Button variant="filled" onClick={() => setMerging(true)}>
            Merge both
          </Button>
        </div>
      </div>
      {props.files}
      <div className={classes.conflictTabs}>
        <SegmentedControl
          aria-label="What to compare"
          value={compared}
          onChange={(value) => setCompared(value as Compared)}
          data={[
            { value: 'theirs-mine', label: 'Compare' },
            { value: 'base-mine', label: 'Your changes' },
            { value: 'base-theirs', label: 'Their changes' },
          ]}
        />
        <CopyButton text={mine}>Copy {lower(names.mine)}</CopyButton>
        <CopyButton text={theirs}>Copy {lower(names.theirs)}</CopyButton>
      </div>
      <DiffView
        original={texts[from]}
        modified={texts[to]}
        from={names[from]}
        to={names[to]}
        label={`${names[from]} and ${names[to]}`}
      />
    </section>
  );
}

interface MergeEditorProps {
  regions: ReturnType<typeof mergeRegions>;
  theirs: string;
  files: ReactNode;
  onResolve: (text: string) => void;
  onBack: () => void;
}

function MergeEditor(props: MergeEditorProps) {
  const { regions, theirs, onResolve, onBack } = props;
  const clashes = clashesOf(regions);
  const [choices, setChoices] = useState<Choice[]>(() => clashes.map(() => 'mine'));
  const merged = composeMerge(regions, choices);
  // From the first change by hand on, the choices have done their part.
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <section className={classes.conflict} aria-labelledby="merge">
      <div className={classes.conflictHead}>
        <div>
          <h2 id="merge" tabIndex={-1} ref={takeFocus}>
            Merge both
          </h2>
          <p>
            {clashes.length === 0
              ? 'All changes of both sides are in the text below. Look it over, then go on with it.'
              : 'Choose for each place that both changed. Everything else is merged already.'}
          </p>
        </div>
        <div className={classes.choices}>
          <Button onClick={onBack}>Back</Button>
          <Button variant="filled" onClick={() => onResolve(edited ?? merged)}>
            Go on with this text
          </Button>
        </div>
      </div>
      {props.files}
      {clashes.length > 0 && (
        <ol className={classes.clashes}>
          {clashes.map((clash, index) => {
            const choice = choices[index] ?? 'mine';
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: places keep their order
              <li key={index} className={classes.clash}>
                <div className={classes.clashHead}>
                  Place {index + 1} of {clashes.length}
                  <SegmentedControl
                    aria-label={`Place ${index + 1}`}
                    disabled={edited !== null}
                    value={choice}
                    onChange={(value) =>
                      setChoices(
                        choices.map((one, at) =>
                          at === index ? (value as Choice) : one,
                        ),
                      )
                    }
                    data={[
                      { value: 'mine', label: 'Yours' },
                      { value: 'theirs', label: 'Theirs' },
                      { value: 'both', label: 'Both' },
                    ]}
                  />
                </div>
                <div className={classes.clashSides}>
                  <Side title="Yours" text={clash.mine} off={choice === 'theirs'} />
                  <Side title={theirs} text={clash.theirs} off={choice === 'mine'} />
                </div>
              </li>
            );
          })}
        </ol>
      )}
      {edited !== null && clashes.length > 0 && (
        <p className={classes.calm}>
          You changed the text by hand.
          <Button size="xs" onClick={() => setEdited(null)}>
            Start the merge over
          </Button>
        </p>
      )}
      <CodeEditor label="Merged text" value={edited ?? merged} onChange={setEdited} />
    </section>
  );
}

function Side({ title, text, off }: { title: string; text: string; off: boolean }) {
  return (
    <div className={classes.clashSide} data-off={off || undefined}>
      <h3>{title}</h3>
      {text ? <pre className="mono">{text}</pre> : <p className="muted">Removed</p>}
    </div>
  );
}
