import { Fact, FactList } from '@/ui/facts';
import classes from './detail.module.css';
import { originOf, toolWord } from './origin';
import type { ImportFileDetail, ImportPublic } from './types';

interface ProvenanceProps {
  of: ImportPublic;
  file: ImportFileDetail;
}

/** Where it is from, under which licence, and what converting it did. */
export function Provenance({ of, file }: ProvenanceProps) {
  const origin = originOf(of);
  const { tool, notes, licence, path } = file;
  if (!origin && !tool && !licence && notes.length === 0) return null;
  return (
    <section aria-label={`Where ${path} comes from`} className={classes.provenance}>
      <FactList>
        {origin && (
          <Fact label="From">
            <span className="mono">
              {origin} {path}
            </span>
          </Fact>
        )}
        {licence && <Fact label="Licence">{licence}</Fact>}
        {tool && <Fact label="Written for">{toolWord(tool)}</Fact>}
      </FactList>
      {notes.length > 0 && (
        <ul className={classes.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
