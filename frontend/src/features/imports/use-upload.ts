import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { importRepository, importSamples } from './changes';
import { importKeys, importQuery } from './queries';
import type { ImportPublic } from './types';
import type { LockRequest, UploadRequest } from './upload';
import { uploadFiles, uploadLock } from './upload';

function useOpenImport() {
  const navigate = useNavigate();
  const client = useQueryClient();
  return async (made: ImportPublic) => {
    client.setQueryData(importQuery(made.id).queryKey, made);
    void client.invalidateQueries({ queryKey: importKeys.list });
    await navigate({ to: '/imports/$id', params: { id: made.id } });
  };
}

const cancelled = (error: unknown) =>
  error instanceof DOMException && error.name === 'AbortError';

type Sending = 'onProgress' | 'signal';
type Send<T> = (request: T & Pick<UploadRequest, Sending>) => Promise<ImportPublic>;

/** Sends, tells how far it is, and opens the import, which a job reads from then on. */
function useSending<T extends object>(send: Send<T>) {
  const open = useOpenImport();
  const [progress, setProgress] = useState(0);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const sending = useMutation({
    // What was sent may hold a token: nothing keeps it.
    gcTime: 0,
    meta: { quiet: true },
    mutationFn: (request: T) => {
      stop.current = new AbortController();
      setProgress(0);
      const { signal } = stop.current;
      return send({ ...request, onProgress: setProgress, signal });
    },
    onSuccess: open,
    onSettled: () => {
      stop.current = null;
    },
  });
  return {
    start: sending.mutate,
    cancel: () => stop.current?.abort(),
    reset: sending.reset,
    pending: sending.isPending,
    error: sending.error && !cancelled(sending.error) ? sending.error : null,
    progress,
  };
}

export const useUpload = () => useSending<Omit<UploadRequest, Sending>>(uploadFiles);

export const useLockUpload = () => useSending<Omit<LockRequest, Sending>>(uploadLock);

/** An import from a repository: the server fetches it. */
export function useRepositoryImport() {
  const open = useOpenImport();
  return useMutation({
    gcTime: 0,
    meta: { quiet: true },
    mutationFn: importRepository,
    onSuccess: open,
  });
}

/** An import of the samples that come with Roster. */
export function useSamples() {
  const open = useOpenImport();
  return useMutation({ mutationFn: importSamples, onSuccess: open });
}
