import { Anchor, Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { jobKeys } from '@/features/jobs/queries';
import { AnchorLink } from '@/ui/links';
import { toastDone } from '@/ui/toast';
import { ApplyError } from './ApplyError';
import classes from './apply.module.css';
import { applyImport } from './changes';
import {
  blocking,
  type Chosen,
  chosenCount,
  nothing,
  openFiles,
  requestOf,
} from './chosen';
import { clashesOf } from './clashes';
import { importKeys, importQuery, readAll } from './queries';
import type { ImportDecision, ImportFile, ImportPublic } from './types';
import { useDecideMany, useIsSaving } from './use-decide';
import { appliedCount, count, plural } from './wording';

interface ApplyBarProps {
  of: ImportPublic;
  /** Files of clashes that nobody has decided. */
  undecided: readonly ImportFile[];
  /** Files with what looks like a secret that nobody has decided. */
  leaking: readonly ImportFile[];
  /** Whether these are still on their way. */
  loading: boolean;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

const forAll = {
  repaired: 'Take repaired wherever there is a repair',
  original: 'Take every file as it is',
  skip: 'Skip every file',
} satisfies Partial<Record<ImportDecision, string>>;

/** Hands what is chosen, or all, to the job that stores it. */
function useApply(of: ImportPublic, chosen: Chosen, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (part: boolean) => {
      const wanted = part
        ? await requestOf(chosen, (outcome) =>
            readAll(of.id, { outcome, result: 'open' }),
          )
        : {};
      return applyImport(of, wanted);
    },
    onSuccess: async (applying) => {
      onDone();
      client.setQueryData(importQuery(of.id).queryKey, applying);
      globalThis.scrollTo({ top: 0 });
      await Promise.all([
        client.invalidateQueries({ queryKey: importKeys.list }),
        client.invalidateQueries({ queryKey: importKeys.files(of.id) }),
        client.invalidateQueries({ queryKey: jobKeys.mine }),
      ]);
    },
  });
}

/** How much is decided, and the one button that stores it. */
export function ApplyBar(props: ApplyBarProps) {
  const { of, undecided, leaking, loading, chosen, onChoose } = props;
  const why = useId();
  const saving = useIsSaving(of.id);
  const many = useDecideMany(of.id);
  const apply = useApply(of, chosen, () => onChoose(nothing));
  const total = openFiles(of.open);
  const part = chosenCount(chosen, of.open);
  const held = new Set([...undecided, ...leaking].map(({ id }) => id)).size;
  const decided = total - held;
  const scope = part > 0 ? chosen : null;
  const names = clashesOf(blocking(undecided, scope)).length;
  const leaks = blocking(leaking, scope).length;
  const blocked = loading || names > 0 || leaks > 0 || total === 0;

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
                : part > 0
                  ? `${count(part)} of ${count(total)} selected`
                  : `${count(decided)} of ${count(total)} decided`}
            </span>
            <p id={why} className={classes.why}>
              <Why of={of} total={total} names={names} leaks={leaks} part={part} />
            </p>
          </div>
          <progress
            aria-labelledby={`${why}-progress`}
            className={classes.progress}
            max={total || 1}
            value={loading ? 0 : part || decided}
          />
        </div>
        <div className={classes.actions}>
          {part > 0 ? (
            <Button disabled={apply.isPending} onClick={() => onChoose(nothing)}>
              Clear the selection
            </Button>
          ) : (
            total > 1 && (
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
            )
          )}
          <Button
            variant="filled"
            aria-describedby={why}
            disabled={blocked || saving}
            loading={apply.isPending}
            onClick={() => apply.mutate(part > 0)}
          >
            {part > 0 ? `Apply ${count(part)} of ${count(total)}` : 'Apply import'}
          </Button>
        </div>
      </div>
    </section>
  );
}

interface WhyProps {
  of: ImportPublic;
  total: number;
  names: number;
  leaks: number;
  part: number;
}

function Why({ of, total, names, leaks, part }: WhyProps) {
  if (total === 0) return 'None of these files can become a component.';
  if (names === 0 && leaks === 0) {
    if (part > 0) return 'The others stay here, to be decided later.';
    return appliedCount(of.results) > 0
      ? 'These enter the registry when you apply them.'
      : 'Nothing is in the registry until you apply.';
  }
  return (
    <>
      First decide{' '}
      {names > 0 && (
        <AnchorLink
          underline="always"
          to="/imports/$id"
          params={{ id: of.id }}
          search={{ group: 'clash' }}
          replace
        >
          {plural(names, 'name clash', 'name clashes')}
        </AnchorLink>
      )}
      {names > 0 && leaks > 0 && ' and '}
      {leaks > 0 && (
        <Anchor underline="always" href="#leaks">
          {plural(leaks, 'file')} with what looks like a secret
        </Anchor>
      )}
      .
    </>
  );
}
