import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { patchFile } from './cache';
import { changeFile, changeFiles, type FileChange, type ManyChange } from './changes';
import { allFilesQuery, importKeys, importQuery, readAll } from './queries';
import type { ImportFile } from './types';
import { importable } from './wording';

/** One after the other: decisions reach the server in the order they were made. */
const scope = (importId: string) => ({ id: `import ${importId}` });

export const useIsSaving = (importId: string) =>
  useIsMutating({ mutationKey: importKeys.saving(importId) }) > 0;

export const useRefreshImport = (importId: string) => {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: importKeys.one(importId) });
};

/**
 * `onSaved` of these hooks is called before anything is read again, and also when that
 * takes the caller off the page, as it does to a clash that was settled.
 */
type OnSaved<T> = (value: T) => void;

/** Decides about one file: shown at once, taken back when the server refuses. */
export function useDecide(
  importId: string,
  file: ImportFile,
  onSaved?: OnSaved<ImportFile>,
) {
  const client = useQueryClient();
  const refresh = useRefreshImport(importId);
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    meta: { quiet: true },
    mutationFn: (change: FileChange) => changeFile(importId, file.id, change),
    onMutate: async ({ decision, target_name }) => {
      await client.cancelQueries({ queryKey: importKeys.files(importId) });
      // A name is shown when it is known to be free: clashes are grouped by it.
      if (decision && target_name === undefined)
        patchFile(client, importId, file.id, { decision });
    },
    onError: () =>
      patchFile(client, importId, file.id, { decision: file.decision ?? null }),
    onSuccess: (saved, { secrets }) => {
      patchFile(client, importId, file.id, saved);
      onSaved?.(saved);
      // What a file is may change with its name or by being taken, and others with it;
      // what becomes of secrets holds for the same file in other places.
      if (saved.outcome !== file.outcome || secrets) return refresh();
      return Promise.all([
        client.invalidateQueries(importQuery(importId)),
        client.invalidateQueries({ queryKey: importKeys.file(importId, file.id) }),
      ]);
    },
  });
}

/** Decides alike about a group, or about all. */
export function useDecideMany(importId: string, onSaved?: OnSaved<number>) {
  const refresh = useRefreshImport(importId);
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    mutationFn: (change: ManyChange) => changeFiles(importId, change),
    onSuccess: ({ updated }) => onSaved?.(updated),
    onSettled: refresh,
  });
}

/** Moves the secrets of each of these servers into its store. */
export function useMoveSecrets(importId: string) {
  const refresh = useRefreshImport(importId);
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    mutationFn: async (servers: readonly ImportFile[]) => {
      for (const { id } of servers) await changeFile(importId, id, { secrets: 'move' });
    },
    onSettled: refresh,
  });
}

const ROUNDS = 20;

/**
 * Skips such files of clashes. Equal copies of a skipped file step in for it, so this
 * asks again until none is left.
 */
async function skipClashing(importId: string, skips: (file: ImportFile) => boolean) {
  for (let round = 0; round < ROUNDS; round++) {
    const clashing = await readAll(importId, { outcome: ['clash'] });
    const losers = clashing.filter((file) => file.decision !== 'skip' && skips(file));
    if (losers.length === 0) return;
    await changeFiles(importId, {
      decision: 'skip',
      ids: losers.map(({ id }) => id),
    });
  }
}

/** Skips all files of clashes. */
export function useSkipClashes(importId: string) {
  const refresh = useRefreshImport(importId);
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    mutationFn: () => skipClashing(importId, () => true),
    onSettled: refresh,
  });
}

/** Settles clashes: each name goes to the file given for it. */
export function useSettle(importId: string, onSaved?: OnSaved<readonly ImportFile[]>) {
  const refresh = useRefreshImport(importId);
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    mutationFn: async (winners: readonly ImportFile[]) => {
      const taken = new Map(winners.map((file) => [keyOf(file), file.id]));
      await skipClashing(importId, (file) => {
        const winner = taken.get(keyOf(file));
        return winner !== undefined && winner !== file.id;
      });
    },
    onSuccess: (_, winners) => onSaved?.(winners),
    onSettled: refresh,
  });
}

/** Chooses another side of a clash that was settled before. */
export function useSwap(importId: string, onSaved?: OnSaved<ImportFile>) {
  const refresh = useRefreshImport(importId);
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    mutationFn: async ({
      winner,
      losers,
    }: {
      winner: ImportFile;
      losers: readonly ImportFile[];
    }) => {
      await changeFiles(importId, {
        decision: 'skip',
        ids: losers.map(({ id }) => id),
      });
      await changeFile(importId, winner.id, {
        decision: winner.has_repair ? 'repaired' : 'original',
      });
    },
    onSuccess: (_, { winner }) => onSaved?.(winner),
    onSettled: refresh,
  });
}

/**
 * Compares every file with the team's present state, decisions kept: to decide again
 * the same makes the server look again.
 */
export function useCompareAgain(importId: string) {
  const refresh = useRefreshImport(importId);
  const client = useQueryClient();
  return useMutation({
    mutationKey: importKeys.saving(importId),
    scope: scope(importId),
    mutationFn: async () => {
      const files = await client.fetchQuery({
        ...allFilesQuery(importId, { outcome: importable, result: 'open' }),
        staleTime: 0,
      });
      for (const decision of ['original', 'repaired', 'skip'] as const) {
        const ids = files.filter((file) => file.decision === decision);
        if (ids.length > 0) {
          await changeFiles(importId, { decision, ids: ids.map(({ id }) => id) });
        }
      }
    },
    onSettled: refresh,
  });
}

/** The name that a file takes in the team. */
export const nameOf = (file: ImportFile) => file.target_name ?? file.name ?? '';

/** What must be alone in a team: a name of a kind. */
export const keyOf = (file: ImportFile) => `${nameOf(file)} ${file.kind}`;
