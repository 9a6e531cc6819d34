import { Link } from '@tanstack/react-router';
import { type ChangeEvent, memo } from 'react';
import type { ComponentPublic } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { LabelChip, RelativeTime } from '@/ui/facts';
import { HealthDot } from '@/ui/severity';
import { Check } from '../Check';
import { summaryOf } from '../description';
import type { Columns } from './columns';
import classes from './list.module.css';
import { Excerpt, Marked } from './Marked';
import { wordOf } from './words';

const numbers = new Intl.NumberFormat('en');

export interface RowProps {
  agent: ComponentPublic;
  /** Its place in the list, from 0. */
  index: number;
  selected: boolean;
  columns: Columns;
  onSelect: (id: string, range: boolean) => void;
}

const isRange = (event: ChangeEvent) =>
  event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey;

function Select({ agent, selected, onSelect }: RowProps) {
  return (
    <Check
      className={classes.above ?? ''}
      aria-label={`Select ${agent.name}`}
      checked={selected}
      onChange={(event) => onSelect(agent.id, isRange(event))}
    />
  );
}

function Name({ agent }: { agent: ComponentPublic }) {
  const { name } = agent;
  return (
    <Link
      to="/$plural/$team/$name"
      params={placeOf(agent)}
      className={`mono ${classes.link}`}
    >
      <Marked id={agent.id} field="name" text={name} />
    </Link>
  );
}

const Summary = ({ agent }: { agent: ComponentPublic }) => (
  <Marked id={agent.id} field="description" text={summaryOf(agent.description)} />
);

/** What waits for somebody to go on with it. */
function Marks({ agent }: { agent: ComponentPublic }) {
  return (
    <>
      {agent.draft && <span className={classes.draft}>Draft</span>}
      {agent.upstream_state === 'available' && (
        <span className={classes.update}>Update available</span>
      )}
    </>
  );
}

/** `latest` is on every agent: only the labels that people set say something. */
function Labels({ agent }: { agent: ComponentPublic }) {
  const [first, ...more] = agent.labels.filter(({ name }) => name !== 'latest');
  if (!first) return null;
  return (
    <span className={classes.labels}>
      <LabelChip name={first.name} number={first.number} />
      {more.length > 0 && (
        <span
          className={classes.more}
          title={more.map(({ name, number }) => `${name} ${number}`).join(', ')}
        >
          +{more.length}
          <span className={classes.hidden}> more labels</span>
        </span>
      )}
    </span>
  );
}

function Updated({ agent }: { agent: ComponentPublic }) {
  return agent.deleted_at ? (
    <>
      deleted <RelativeTime at={agent.deleted_at} />
    </>
  ) : (
    <RelativeTime at={agent.updated_at} />
  );
}

/** A row of the table, on wide screens. */
export const AgentRow = memo(function AgentRow(props: RowProps) {
  const { agent, index, selected, columns } = props;
  return (
    <tr
      className={classes.row}
      data-index={index}
      data-selected={selected || undefined}
      aria-rowindex={index + 2}
    >
      <td className={classes.selectCell}>
        <Select {...props} />
      </td>
      <td className={classes.healthCell}>
        <HealthDot health={agent.health} />
      </td>
      <td className={classes.nameCell}>
        <Name agent={agent} />
        <Marks agent={agent} />
        <div className={classes.summary}>
          <Summary agent={agent} />
        </div>
        <Excerpt id={agent.id} />
      </td>
      {columns.has('team') && <td className={classes.teamCell}>{agent.team.slug}</td>}
      {columns.has('labels') && (
        <td className={classes.labelCell}>
          <Labels agent={agent} />
        </td>
      )}
      {columns.has('model') && <td className={classes.modelCell}>{agent.model}</td>}
      {columns.has('licence') && (
        <td className={classes.modelCell} title={agent.licence ?? undefined}>
          {agent.licence}
        </td>
      )}
      {columns.has('visibility') && (
        <td className={classes.modelCell}>{wordOf('visibility', agent.visibility)}</td>
      )}
      {columns.has('tokens') && (
        <td className={`tabular ${classes.tokenCell}`}>
          {numbers.format(agent.description_tokens)}
        </td>
      )}
      {columns.has('updated') && (
        <td className={classes.timeCell}>
          <Updated agent={agent} />
        </td>
      )}
    </tr>
  );
});

/** The same as a card, on narrow screens. */
export const AgentCard = memo(function AgentCard(props: RowProps) {
  const { agent, index, selected } = props;
  return (
    <li
      className={`${classes.row} ${classes.card}`}
      data-index={index}
      data-selected={selected || undefined}
    >
      <Select {...props} />
      <div className={classes.cardText}>
        <div className={classes.cardHead}>
          <Name agent={agent} />
          <Marks agent={agent} />
          <HealthDot health={agent.health} />
        </div>
        <div className={classes.cardSummary}>
          <Summary agent={agent} />
        </div>
        <Excerpt id={agent.id} />
        <div className={classes.cardFacts}>
          <span>{agent.team.slug}</span>
          <Labels agent={agent} />
          <span className="tabular">
            {numbers.format(agent.description_tokens)} tokens
          </span>
          <span>
            <Updated agent={agent} />
          </span>
          {agent.model && <span>{agent.model}</span>}
        </div>
      </div>
    </li>
  );
});
