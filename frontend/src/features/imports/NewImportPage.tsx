import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import { instanceQuery } from '@/api/queries';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { PageHeader } from '@/ui/PageHeader';
import { ChosenFiles } from './ChosenFiles';
import { DropZone } from './DropZone';
import { UploadProgress } from './UploadProgress';
import classes from './upload.module.css';
import { useSources } from './use-sources';
import { useSamples, useUpload } from './use-upload';

const fieldError = (error: unknown, field: string) =>
  isProblem(error)
    ? (error.errors.find(({ loc }) => loc === field)?.message ?? null)
    : null;

export function NewImportPage() {
  const user = useUser();
  const { data: instance } = useQuery(instanceQuery);
  const limits = instance?.limits;
  const { sources, selection, add, remove } = useSources(limits);
  const upload = useUpload();
  const samples = useSamples();
  const teams = user?.teams.filter(({ role }) => role !== 'viewer') ?? [];
  const own = teams.find(({ is_personal }) => is_personal) ?? teams[0];
  const [chosenTeam, setTeam] = useState<string | null>(null);
  const team = chosenTeam ?? own?.slug ?? '';
  const busy = upload.pending || samples.isPending;
  const teamError = fieldError(upload.error, 'team');
  const empty = selection.files.length === 0;

  return (
    <div className={classes.page}>
      <PageHeader
        title="Import files"
        description="First you see what they are and what is wrong with each. Nothing enters the registry before you say so."
      />
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          upload.start({ team, files: selection.files });
        }}
      >
        <NativeSelect
          label="Into the team"
          className={classes.team ?? ''}
          value={team}
          onChange={(event) => setTeam(event.currentTarget.value)}
          disabled={busy}
          error={teamError}
          data={teams.map(({ slug, name, is_personal }) => ({
            value: slug,
            label: is_personal ? `${name} (your own)` : name,
          }))}
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
          limit={limits?.upload_bytes}
          disabled={busy}
          onRemove={remove}
        />
        <FormError error={selection.problem ? new Error(selection.problem) : null} />
        <FormError error={teamError ? null : upload.error} />
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
    </div>
  );
}
