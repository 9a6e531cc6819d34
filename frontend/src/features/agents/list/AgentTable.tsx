import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { lazy, type ReactNode, type RefObject, Suspense } from 'react';
import type { ComponentPublic } from '@/api/types';
import type { Kind } from '@/features/kinds/kinds';
import { Check } from '../Check';
import { type AgentSearch, type SortColumn, sortOf } from '../search';
import type { Selection } from '../selection';
import { AgentCard, AgentRow } from './AgentRow';
import type { Columns } from './columns';
import classes from './list.module.css';

const VirtualRows = lazy(() => import('./VirtualRows'));

/** Longer lists show only the rows that are in view. */
const MANY = 100;
/** The box to choose a row, its health, and its name. */
const ALWAYS = 3;

/** Brings a row into the page, so that it can take the focus. */
export type Reveal = (index: number) => void;

export interface AgentTableProps {
  kind: Kind;
  agents: readonly ComponentPublic[];
  total: number;
  search: AgentSearch;
  narrow: boolean;
  selection: Selection;
  columns: Columns;
  onSelect: (id: string, range: boolean) => void;
  onSelectAll: () => void;
  onSort: (column: SortColumn) => void;
  reveal: RefObject<Reveal | null>;
}

export function AgentTable(props: AgentTableProps) {
  const { kind, agents, narrow, selection, columns, onSelect, reveal } = props;
  const Row = narrow ? AgentCard : AgentRow;
  const row = (agent: ComponentPublic, index: number) => (
    <Row
      key={agent.id}
      agent={agent}
      index={index}
      selected={selection.ids.has(agent.id)}
      columns={columns}
      onSelect={onSelect}
    />
  );
  const rows =
    agents.length > MANY ? (
      <Suspense fallback={agents.slice(0, MANY).map(row)}>
        <VirtualRows
          agents={agents}
          row={row}
          narrow={narrow}
          cells={ALWAYS + columns.size}
          reveal={reveal}
        />
      </Suspense>
    ) : (
      agents.map(row)
    );
  if (narrow) {
    return (
      <ul className={classes.cards} aria-label={kind.labels}>
        {rows}
      </ul>
    );
  }
  return <Table {...props}>{rows}</Table>;
}

function Table(props: AgentTableProps & { children: ReactNode }) {
  const { kind, agents, total, selection, search, columns } = props;
  const all = agents.every(({ id }) => selection.ids.has(id));
  const heading = { search, onSort: props.onSort };
  return (
    <table className={classes.table} aria-label={kind.labels} aria-rowcount={total + 1}>
      <thead>
        <tr aria-rowindex={1}>
          <th className={classes.selectCell}>
            <Check
              aria-label={`Select all ${agents.length} shown`}
              checked={all}
              partly={!all && selection.ids.size > 0}
              onChange={props.onSelectAll}
            />
          </th>
          <th className={classes.healthCell}>
            <span className={classes.hidden}>Health</span>
          </th>
          <Sortable {...heading} column="name" className={classes.nameCell}>
            Name
          </Sortable>
          {columns.has('team') && <th className={classes.teamCell}>Team</th>}
          {columns.has('labels') && <th className={classes.labelCell}>Labels</th>}
          {columns.has('model') && <th className={classes.modelCell}>Model</th>}
          {columns.has('licence') && <th className={classes.modelCell}>Licence</th>}
          {columns.has('visibility') && (
            <th className={classes.modelCell}>Visibility</th>
          )}
          {columns.has('tokens') && (
            <Sortable
              {...heading}
              column="description_tokens"
              className={classes.tokenCell}
              title="Tokens of the description, which every session pays for"
            >
              Tokens
            </Sortable>
          )}
          {columns.has('updated') && (
            <Sortable {...heading} column="updated_at" className={classes.timeCell}>
              Updated
            </Sortable>
          )}
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  );
}

interface SortableProps {
  column: SortColumn;
  search: AgentSearch;
  onSort: (column: SortColumn) => void;
  className: string | undefined;
  title?: string;
  children: ReactNode;
}

function Sortable(props: SortableProps) {
  const { column, search, onSort, className, title, children } = props;
  const sort = sortOf(search);
  const direction =
    sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
  const Arrow = direction === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <th className={className} aria-sort={direction ?? 'none'}>
      <button
        type="button"
        className={classes.sort}
        title={title}
        onClick={() => onSort(column)}
      >
        {children}
        <Arrow
          size={12}
          stroke={2}
          aria-hidden
          className={direction ? undefined : classes.unsorted}
        />
      </button>
    </th>
  );
}
