import { Button } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { ButtonLink } from '@/ui/links';
import classes from './files.module.css';
import { toolWord } from './origin';
import type { NewImportSearch } from './search';
import type { ImportFile, ImportPublic, SameAs } from './types';
import { useDecide } from './use-decide';
import { kindWord, plural } from './wording';

type Other = Pick<SameAs, 'reference' | 'component_id'>;

interface FileFactsProps {
  of: ImportPublic;
  file: ImportFile;
  /** Whether its decisions can still be changed. */
  open: boolean;
}

/** Why it is in its group, and what else tells it from the others. */
export function FileFacts({ of, file, open }: FileFactsProps) {
  const { outcome, tool, notes, elsewhere, place, examples } = file;
  const same: Other | null | undefined =
    file.decision === 'reuse' ? file.reuse : file.same_as[0];
  return (
    <>
      {outcome === 'left_aside' && (
        <p className={classes.why}>
          {elsewhere ? file.reason : kindWord(file.kind ?? 'other')}
        </p>
      )}
      {(outcome === 'refused' || outcome === 'unchanged') && (
        <p className={classes.why}>{file.reason}</p>
      )}
      {outcome === 'refused' && place && (
        <p className={`mono ${classes.why}`}>{place}</p>
      )}
      {tool && outcome !== 'left_aside' && (
        <p className={classes.why}>
          <span className={classes.tool}>{toolWord(tool)}</span>{' '}
          {notes.length === 1
            ? notes[0]
            : notes.length > 1 && `${notes[0]} ${more(notes.length - 1)}`}
        </p>
      )}
      {outcome !== 'refused' && outcome !== 'unchanged' && examples > 0 && (
        <p className={classes.why}>{plural(examples, 'example')} in its description</p>
      )}
      {open && same && <Same of={of} file={file} same={same} />}
      {elsewhere && <Elsewhere team={of.team.slug} {...elsewhere} />}
    </>
  );
}

const more = (value: number) => `And ${plural(value, 'more note')} on the conversion.`;

interface SameProps {
  of: ImportPublic;
  file: ImportFile;
  same: Other;
}

/** The very same in another team: no copy is needed. */
function Same({ of, file, same }: SameProps) {
  const decide = useDecide(of.id, file);
  const used = file.decision === 'reuse';
  const others = file.same_as.length - 1;
  return (
    <p className={classes.same} data-used={used || undefined}>
      <span>
        {used ? 'Used instead of a copy: ' : 'The very same as '}
        <span className="mono">{same.reference.replace(/^[^:]+:/, '')}</span>
        {!used && others > 0 && ` and ${plural(others, 'other')}`}
      </span>
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={decide.isPending}
        onClick={() =>
          decide.mutate(
            used
              ? { decision: file.has_repair ? 'repaired' : 'original' }
              : { decision: 'reuse', reuse_id: same.component_id },
          )
        }
      >
        {used ? 'Take a copy after all' : 'Use that one instead'}
      </Button>
    </p>
  );
}

type ElsewhereProps = NonNullable<ImportFile['elsewhere']> & { team: string };

function Elsewhere({ team, url, ref, folder }: ElsewhereProps) {
  const search: NewImportSearch = {
    source: 'repository',
    team,
    url,
    ...(ref ? { ref } : {}),
    ...(folder ? { folder } : {}),
  };
  return (
    <ButtonLink
      mt={4}
      size="compact-sm"
      to="/imports/new"
      search={search}
      leftSection={<IconGitBranch size={14} stroke={1.7} aria-hidden />}
    >
      Import from there
    </ButtonLink>
  );
}
