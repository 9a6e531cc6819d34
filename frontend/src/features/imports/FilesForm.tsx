import { Button } from '@mantine/core';
import type { Instance } from '@/api/types';
import { fieldError, restOf } from '@/features/lifecycle/field-error';
import { FormError } from '@/ui/FormError';
import { ChosenFiles } from './ChosenFiles';
import { DropZone } from './DropZone';
import { TeamField } from './TeamField';
import { UploadProgress } from './UploadProgress';
import classes from './upload.module.css';
import type { useSources } from './use-sources';
import { useSamples, useUpload } from './use-upload';

export interface IntoTeam {
  team: string;
  onTeam: (slug: string) => void;
}

interface FilesFormProps extends IntoTeam {
  instance: Instance | undefined;
  chosen: ReturnType<typeof useSources>;
}

/** Files, folders and archives of this computer. */
export function FilesForm({ team, onTeam, instance, chosen }: FilesFormProps) {
  const { sources, selection, add, remove } = chosen;
  const upload = useUpload();
  const samples = useSamples();
  const busy = upload.pending || samples.isPending;
  const empty = selection.files.length === 0;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        upload.start({ team, files: selection.files });
      }}
    >
      <TeamField
        value={team}
        onChange={onTeam}
        disabled={busy}
        error={fieldError(upload.error, 'team')}
      />
      <DropZone
        onTake={(more) => {
          upload.reset();
          add(more);
        }}
        disabled={busy}
      />
      <ChosenFiles
        sources={sources}
        selection={selection}
        limit={instance?.limits.upload_bytes}
        disabled={busy}
        onRemove={remove}
      />
      <FormError error={selection.problem ? new Error(selection.problem) : null} />
      <FormError error={restOf(upload.error, 'team')} />
      {upload.pending ? (
        <UploadProgress part={upload.progress} onCancel={upload.cancel} />
      ) : (
        <div className={classes.actions}>
          <Button
            type="submit"
            size="md"
            variant="filled"
            disabled={busy || empty || selection.problem !== null || !team}
          >
            Upload and preview
          </Button>
          {instance?.samples_available && sources.length === 0 && (
            <Button
              size="md"
              loading={samples.isPending}
              onClick={() => samples.mutate(team)}
              disabled={!team}
            >
              Try with samples
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
