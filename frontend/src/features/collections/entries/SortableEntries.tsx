import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { IconGripVertical } from '@tabler/icons-react';
import type { CollectionEntry } from '@/api/types';
import { EntryRow } from './EntryRow';
import classes from './entries.module.css';
import type { EntryActions } from './use-entries';

/** Entries go up and down only. */
const upAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 });

const instructions = {
  draggable:
    'To move an entry, press space on its handle, go up and down with the arrow keys, and press space again to put it down. Escape puts it back.',
};

interface SortableEntriesProps {
  entries: CollectionEntry[];
  actions: EntryActions;
}

/** The entries, put in order by dragging: with the mouse, by touch, or by keys. */
export default function SortableEntries({ entries, actions }: SortableEntriesProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = entries.map(({ component_id }) => component_id);
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over) actions.put(String(active.id), String(over.id));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[upAndDown]}
      onDragEnd={onDragEnd}
      accessibility={{
        announcements: spoken(entries),
        screenReaderInstructions: instructions,
      }}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <ol className={classes.entries} aria-label="Entries">
          {entries.map((entry, index) => (
            <SortableEntry
              key={entry.component_id}
              entry={entry}
              place={index + 1}
              entries={entries}
              actions={actions}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

/** What is said while an entry is carried. */
function spoken(entries: CollectionEntry[]): Announcements {
  const placeOf = (id: UniqueIdentifier | undefined) =>
    entries.findIndex(({ component_id }) => component_id === id);
  const nameOf = (id: UniqueIdentifier) => entries[placeOf(id)]?.name ?? 'the entry';
  const at = (id: UniqueIdentifier | undefined) =>
    `place ${placeOf(id) + 1} of ${entries.length}`;
  return {
    onDragStart: ({ active }) => `Carrying ${nameOf(active.id)}, ${at(active.id)}.`,
    onDragOver: ({ active, over }) =>
      over ? `Carrying ${nameOf(active.id)}, ${at(over.id)}.` : undefined,
    onDragEnd: ({ active, over }) => `Put ${nameOf(active.id)} at ${at(over?.id)}.`,
    onDragCancel: ({ active }) => `Put ${nameOf(active.id)} back, ${at(active.id)}.`,
  };
}

interface SortableEntryProps {
  entry: CollectionEntry;
  place: number;
  entries: CollectionEntry[];
  actions: EntryActions;
}

function SortableEntry({ entry, place, entries, actions }: SortableEntryProps) {
  const sortable = useSortable({ id: entry.component_id });
  const { attributes, listeners, transform, transition, isDragging } = sortable;
  return (
    <li
      ref={sortable.setNodeRef}
      className={classes.entry}
      data-carried={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <button
        type="button"
        ref={sortable.setActivatorNodeRef}
        className={classes.handle}
        {...attributes}
        {...listeners}
        aria-label={`Move ${entry.name}, place ${place} of ${entries.length}`}
      >
        <IconGripVertical size={16} stroke={1.7} aria-hidden />
      </button>
      <EntryRow entry={entry} place={place} entries={entries} actions={actions} />
    </li>
  );
}
