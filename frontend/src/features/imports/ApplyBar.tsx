import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { keys } from '@/api/queries';
import type { ImportDecision, ImportFile, ImportPublic } from '@/api/types';
import { AnchorLink } from '@/ui/links';
import { toastDone } from '@/ui/toast';
import { ApplyError } from './ApplyError';
import classes from './apply.module.css';
import { clashesOf } from './clashes';
import { applyImport, importKeys, importQuery } from './queries';
import { useDecideMany, useIsSaving } from './use-decide';
import { count, importable, plural } from './wording';

interface ApplyBarProps {
  of: ImportPublic;
  /** Files of clashes that nobody has decided. */
  undecided: readonly ImportFile[];
  /** Whether the clashes are still on their way. */
  loading: boolean;
}

const forAll: Record<ImportDecision, string> = {
  repaired: 'Take repaired wherever there is a repair',
  original: 'Take every file as it is',
  skip: 'Skip every file',
};

/** How much is decided, and the one button that stores it. */
export function ApplyBar({ of, undecided, loading }: ApplyBarProps) {
  const client = useQueryClient();
  const why = useId();
  const saving = useIsSaving(of.id);
  const many = useDecideMany(of.id);
  const apply = useMutation({
    meta: { quiet: true },
    mutationFn: () => applyImport(of),
    onSuccess: async (applied) => {
      client.setQueryData(importQuery(of.id).queryKey, applied);
      globalThis.scrollTo({ top: 0 });
      await Promise.all([
        client.invalidateQueries({ queryKey: importKeys.list }),
        client.invalidateQueries({ queryKey: importKeys.files(of.id) }),
        client.invalidateQueries({ queryKey: keys.agents }),
        client.invalidateQueries({ queryKey: keys.components }),
      ]);
    },
  });
  const total = importable.reduce((sum, name) => sum + of.counts[name], 0);
  const decided = total - undecided.length;
  const names = clashesOf(undecided).length;
  const blocked = loading || names > 0 || total === 0;

  const decideAll = (decision: ImportDecision) =>
    many.mutate(
      { decision },
      {
        onSuccess: ({ updated }) =>
          toastDone(`Decided about ${plural(updated, 'file')}`),
      },
    );

  return (
    <section aria-label="Apply" className={classes.bar}>
      {apply.error && <ApplyError of={of} error={apply.error} onDone={apply.reset} />}
      <div className={classes.row}>
        <div className={classes.state}>
          <div className={classes.progressText}>
            <span id={`${why}-progress`} className="tabular">
              {total === 0
                ? 'Nothing to decide'
                : `${count(decided)} of ${count(total)} decided`}
            </span>
            <p id={why} className={classes.why}>
              <Why total={total} names={names} id={of.id} />
            </p>
          </div>
          <progress
            aria-labelledby={`${why}-progress`}
            className={classes.progress}
            max={total || 1}
            value={loading ? 0 : decided}
          />
        </div>
        <div className={classes.actions}>
          {total > 1 && (
            <Menu position="top-end">
              <Menu.Target>
                <Button
                  disabled={saving || apply.isPending}
                  rightSection={<IconChevronDown size={14} aria-hidden />}
                >
                  For all files
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {(['repaired', 'original', 'skip'] as const).map((decision) => (
                  <Menu.Item key={decision} onClick={() => decideAll(decision)}>
                    {forAll[decision]}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          <Button
            variant="filled"
            aria-describedby={why}
            disabled={blocked || saving}
            loading={apply.isPending}
            onClick={() => apply.mutate()}
          >
            Apply import
          </Button>
        </div>
      </div>
    </section>
  );
}

function Why({ total, names, id }: { total: number; names: number; id: string }) {
  if (total === 0) return 'None of these files can become an agent.';
  if (names === 0) return 'Nothing is in the registry until you apply.';
  return (
    <>
      First decide{' '}
      <AnchorLink
        underline="always"
        to="/imports/$id"
        params={{ id }}
        search={{ group: 'clash' }}
        replace
      >
        {plural(names, 'name clash', 'name clashes')}
      </AnchorLink>
      .
    </>
  );
}
