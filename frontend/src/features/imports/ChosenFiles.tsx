import { ActionIcon } from '@mantine/core';
import { IconFile, IconFileZip, IconFolder, IconX } from '@tabler/icons-react';
import type { Source } from './collect';
import type { Selection } from './selection';
import classes from './upload.module.css';
import { bytes, plural } from './wording';

const icons = { file: IconFile, archive: IconFileZip, folder: IconFolder };
const SHOWN = 100;

interface ChosenFilesProps {
  sources: readonly Source[];
  selection: Selection;
  limit: number | undefined;
  disabled: boolean;
  onRemove: (id: string) => void;
}

/** What will be uploaded, one line for each thing that was dropped. */
export function ChosenFiles(props: ChosenFilesProps) {
  const { sources, selection, limit, disabled, onRemove } = props;
  if (sources.length === 0) return null;
  return (
    <section aria-labelledby="chosen">
      <div className={classes.chosenHead}>
        <h2 id="chosen">
          <span role="status">
            {plural(selection.files.length, 'file')}, {bytes(selection.size)}
          </span>
        </h2>
        {limit !== undefined && (
          <span className="muted tabular">of {bytes(limit)} at most</span>
        )}
      </div>
      <ul className={classes.chosen}>
        {sources.map((source) => (
          <SourceItem
            key={source.id}
            source={source}
            disabled={disabled}
            onRemove={() => onRemove(source.id)}
          />
        ))}
      </ul>
      {selection.tooLarge.length > 0 && (
        <details className={classes.tooLarge}>
          <summary>
            {plural(selection.tooLarge.length, 'file')} stay here: too large for one
            file
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
          <ul tabIndex={0} aria-label="Files that stay here">
            {selection.tooLarge.slice(0, SHOWN).map(({ path, file }) => (
              <li key={path} className="mono">
                {path} · {bytes(file.size)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface SourceItemProps {
  source: Source;
  disabled: boolean;
  onRemove: () => void;
}

function SourceItem({ source, disabled, onRemove }: SourceItemProps) {
  const Icon = icons[source.kind];
  const size = source.files.reduce((sum, { file }) => sum + file.size, 0);
  const more = source.files.length - SHOWN;
  return (
    <li className={classes.source}>
      <Icon size={17} stroke={1.5} aria-hidden />
      <div className={classes.sourceText}>
        <span className={`mono ${classes.sourceName}`}>
          {source.name}
          {source.kind === 'folder' && '/'}
        </span>
        {source.kind === 'folder' && source.files.length > 0 && (
          <details>
            <summary>
              {plural(source.files.length, 'file')}
              {source.leftOut.length > 0 && `, without ${source.leftOut.join(', ')}`}
            </summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
            <ul tabIndex={0} aria-label={`Files of ${source.name}`}>
              {source.files.slice(0, SHOWN).map(({ path }) => (
                <li key={path} className="mono">
                  {path}
                </li>
              ))}
              {more > 0 && <li>and {plural(more, 'file')} more</li>}
            </ul>
          </details>
        )}
        {source.files.length === 0 && <span className="muted">an empty folder</span>}
      </div>
      <span className="muted tabular">{bytes(size)}</span>
      <ActionIcon
        aria-label={`Remove ${source.name}`}
        onClick={onRemove}
        disabled={disabled}
      >
        <IconX size={15} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}
