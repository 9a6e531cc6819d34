import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Collected } from './collect';
import { importKeys, importQuery, importSamples } from './queries';
import { uploadFiles } from './upload';

function useOpenImport() {
  const navigate = useNavigate();
  const client = useQueryClient();
  return async (made: Awaited<ReturnType<typeof uploadFiles>>) => {
    client.setQueryData(importQuery(made.id).queryKey, made);
    void client.invalidateQueries({ queryKey: importKeys.list });
    await navigate({ to: '/imports/$id', params: { id: made.id } });
  };
}

const cancelled = (error: unknown) =>
  error instanceof DOMException && error.name === 'AbortError';

/** Uploads, tells how far it is, and opens the preview. */
export function useUpload() {
  const open = useOpenImport();
  const [progress, setProgress] = useState(0);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const upload = useMutation({
    meta: { quiet: true },
    mutationFn: ({ team, files }: { team: string; files: readonly Collected[] }) => {
      stop.current = new AbortController();
      setProgress(0);
      return uploadFiles({
        team,
        files,
        onProgress: setProgress,
        signal: stop.current.signal,
      });
    },
    onSuccess: open,
    onSettled: () => {
      stop.current = null;
    },
  });
  return {
    start: upload.mutate,
    cancel: () => stop.current?.abort(),
    reset: upload.reset,
    pending: upload.isPending,
    error: upload.error && !cancelled(upload.error) ? upload.error : null,
    progress,
  };
}

/** An import of the samples that come with Roster. */
export function useSamples() {
  const open = useOpenImport();
  return useMutation({ mutationFn: importSamples, onSuccess: open });
}
