import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Kind } from '@/features/kinds/kinds';
import { Check } from '../Check';
import { Dialog } from '../Dialog';
import { type AgentSearch, isFiltered } from '../search';
import { COLUMNS, type Column, type Columns, columnsOf } from './columns';
import { isSame, NAME_LENGTH, useViews } from './views';
import classes from './views.module.css';

interface ViewDialogProps {
  kind: Kind;
  search: AgentSearch;
  columns: Columns;
  /** Cards have no columns. */
  narrow: boolean;
  onColumn: (column: Column) => void;
  onOpen: (search: AgentSearch) => void;
  onClose: () => void;
}

/** Views to open and to keep, and the columns of the table; loaded when first opened. */
export default function ViewDialog(props: ViewDialogProps) {
  const { kind, search, columns, narrow, onColumn, onOpen, onClose } = props;
  const { views, save, remove } = useViews(kind);
  const [name, setName] = useState('');
  const worthSaving = isFiltered(search) || Boolean(search.sort) || search.deleted;
  return (
    <Dialog title="View" onClose={onClose}>
      <section aria-label="Saved views">
        <h3 className={classes.title}>Saved views</h3>
        {views.length === 0 && (
          <p className="muted">
            Filters and an order that you come back to, under a name. They are kept in
            this browser.
          </p>
        )}
        <ul className={classes.views}>
          {views.map((view) => (
            <li key={view.name}>
              <button
                type="button"
                className={classes.open}
                aria-current={isSame(view.search, search) || undefined}
                onClick={() => {
                  onOpen(view.search);
                  onClose();
                }}
              >
                {view.name}
              </button>
              <ActionIcon
                aria-label={`Forget the view ${view.name}`}
                onClick={() => remove(view.name)}
              >
                <IconTrash size={15} stroke={1.7} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
        {worthSaving && (
          <form
            className={classes.save}
            onSubmit={(event) => {
              event.preventDefault();
              if (!name.trim()) return;
              save({ name: name.trim(), search });
              setName('');
            }}
          >
            <TextInput
              aria-label="Name of the view"
              placeholder="Name of the view"
              maxLength={NAME_LENGTH}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Button type="submit" disabled={!name.trim()}>
              Save this view
            </Button>
          </form>
        )}
      </section>
      {!narrow && (
        <fieldset className={classes.columns}>
          <legend className={classes.title}>Columns</legend>
          {columnsOf(kind).map((column) => (
            <label key={column} htmlFor={`column-${column}`}>
              <Check
                id={`column-${column}`}
                checked={columns.has(column)}
                onChange={() => onColumn(column)}
              />
              {COLUMNS[column]}
            </label>
          ))}
        </fieldset>
      )}
    </Dialog>
  );
}
