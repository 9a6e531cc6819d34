import { useCallback, useEffect, useRef, useState } from 'react';
import { isProblem } from '@/api/problem';
import type { Kind } from '@/features/kinds/kinds';
import { mergeDraft } from '@/features/lifecycle/changes';
import { toastError } from '@/ui/toast';
import { readServer } from './api';
import type { DraftSync, SaveState } from './draft-sync';
import { type Conflict, ontoBase, reconcile } from './reconcile';
import type { AsideText } from './SetAside';

export interface Standing {
  conflict: Conflict;
  /** Shown instead of the text, rather than announced above it. */
  open: boolean;
}

const MINE = 'your text';

/** Asks the server how it stands when the page is looked at again, and settles it. */
export function useConflict(
  sync: DraftSync,
  kind: Kind,
  id: string,
  save: SaveState,
  first: Conflict | null,
) {
  const [standing, setStanding] = useState<Standing | null>(
    first && { conflict: first, open: first.kind === 'draft' },
  );
  const [aside, setAside] = useState<AsideText[]>([]);
  const asking = useRef(false);

  const keepAside = useCallback((what: string, text: string) => {
    setAside((texts) => [...texts, { id: crypto.randomUUID(), what, text }]);
  }, []);

  /** Resolves to whether a conflict stands. */
  const consult = useCallback(
    async (open: boolean): Promise<boolean> => {
      if (asking.current) return false;
      asking.current = true;
      try {
        // What was typed below the notice is saved before anything is compared.
        if (open) await sync.flush();
        const server = await readServer(kind, id);
        const outcome = reconcile(sync.local(), server);
        if (outcome.action === 'conflict') {
          const { conflict } = outcome;
          const { etag, text } = sync.local();
          // The draft may be gone or renewed, but the text can still be saved.
          if (conflict.kind === 'published' && conflict.ground.etag !== etag) {
            sync.reset({ ...conflict.ground, text });
          }
          setStanding((before) => ({
            conflict,
            open: open || conflict.kind === 'draft' || before?.open === true,
          }));
          return true;
        }
        setStanding(null);
        if (outcome.action === 'adopt') {
          if (outcome.aside !== null) keepAside(MINE, outcome.aside);
          sync.reset(outcome.local);
        } else if (sync.snapshot().save.is === 'stale') {
          sync.reset(sync.local());
        }
        return false;
      } finally {
        asking.current = false;
      }
    },
    [kind, id, sync, keepAside],
  );

  const stale = save.is === 'stale';
  useEffect(() => {
    if (stale) consult(true).catch(toastError);
  }, [stale, consult]);

  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      // News are welcome, their absence is no reason to bother anyone.
      consult(false).catch((error: unknown) => {
        if (isProblem(error, 'not-found')) toastError(error);
      });
    };
    document.addEventListener('visibilitychange', look);
    globalThis.addEventListener('focus', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      globalThis.removeEventListener('focus', look);
    };
  }, [consult]);

  /** Of the other files that both changed, theirs are taken of these paths. */
  const resolve = async (text: string, theirs: string[] = []) => {
    if (!standing) return;
    const { conflict } = standing;
    const merged = theirs.length > 0 && (await sync.flush()) && sync.local().etag;
    const draft = merged
      ? await mergeDraft(id, merged, {
          content: text,
          latest_digest: conflict.onto.digest,
          theirs,
        })
      : null;
    if (text !== conflict.mine) keepAside(MINE, conflict.mine);
    if (text !== conflict.theirs) {
      const published = conflict.kind === 'published';
      const what = published ? `revision ${conflict.number}` : 'the other draft';
      keepAside(what, conflict.theirs);
    }
    setStanding(null);
    const ground = conflict.kind === 'draft' ? conflict.ground : sync.local();
    const kept = draft && {
      confirmed: draft.content,
      etag: draft.etag,
      draftBase: draft.base_digest,
    };
    sync.reset(ontoBase({ ...ground, ...kept }, conflict.onto, text));
    // The draft of the other tab may itself be based on an older revision.
    if (conflict.kind === 'draft') consult(false).catch(toastError);
  };

  return {
    standing,
    aside,
    consult,
    resolve,
    keepAside,
    forgetAside: () => setAside([]),
    postpone: () => setStanding((before) => before && { ...before, open: false }),
  };
}
