import { Button } from '@mantine/core';
import { IconPlus, IconStack2 } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { CollectionDetail } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { RowsSkeleton } from '@/ui/skeletons';
import { BudgetBar } from './BudgetBar';
import { EntryRow } from './EntryRow';
import classes from './entries.module.css';
import { useEntries } from './use-entries';

// With the code for dragging, which readers do not need.
const SortableEntries = lazy(() => import('./SortableEntries'));
const AddEntries = lazy(() => import('./AddEntries'));

/** What is in it, the topmost first. */
export default function EntriesTab({ collection }: { collection: CollectionDetail }) {
  const [adding, setAdding] = useState(false);
  const actions = useEntries(collection);
  const { entries, permissions, archived_at: archived } = collection;
  const editable = permissions.edit && archived === null;
  const add = editable && (
    <Button
      leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      Add entries
    </Button>
  );
  return (
    <>
      {entries.length === 0 ? (
        <EmptyState icon={IconStack2} title="Nothing in it yet" action={add}>
          Add components of any kind and team. Each follows a label or stays at one
          revision, and where two have one name, the upper one wins.
        </EmptyState>
      ) : (
        <>
          <div className={classes.toolbar}>
            <BudgetBar collection={collection} />
            {add}
          </div>
          {editable ? (
            <Suspense fallback={<RowsSkeleton rows={entries.length} />}>
              <SortableEntries entries={entries} actions={actions} />
            </Suspense>
          ) : (
            <ol className={classes.entries} aria-label="Entries">
              {entries.map((entry, index) => (
                <li key={entry.component_id} className={classes.entry}>
                  <EntryRow entry={entry} place={index + 1} entries={entries} />
                </li>
              ))}
            </ol>
          )}
        </>
      )}
      {adding && (
        <Suspense>
          <AddEntries collection={collection} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
