import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconArrowRight,
  IconCheck,
  IconChevronDown,
  IconCircleCheck,
  IconInfoCircle,
  IconPencil,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ExportNote, ExportPreview } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { KindBadge } from '@/ui/facts';
import classes from './exports.module.css';
import {
  componentOf,
  type Group,
  grouped,
  isLoss,
  type Reason,
  type Sort,
} from './losses';

const sorts = {
  serious: {
    icon: IconAlertOctagon,
    title: 'Serious',
    about: 'It is missing there, hardly works, or may do more than it was allowed to.',
  },
  notable: {
    icon: IconAlertTriangle,
    title: 'Notable',
    about: 'It behaves otherwise than it was written to, or wants a hand.',
  },
  slight: {
    icon: IconInfoCircle,
    title: 'Slight',
    about: 'It looks or reads otherwise, and does the same.',
  },
  renamed: {
    icon: IconPencil,
    title: 'Renamed',
    about: 'Spelled as the tool spells it; it means the same.',
  },
  kept: { icon: IconCheck, title: 'Kept', about: 'As it is.' },
} as const satisfies Record<Sort, unknown>;

/** What became of each file and field on the way to a tool. */
export function LossReport({ preview }: { preview: ExportPreview }) {
  const groups = useMemo(() => grouped(preview.notes), [preview.notes]);
  return (
    <div className={classes.report}>
      {preview.losses === 0 && (
        <p className={classes.lossless}>
          <IconCircleCheck
            className={classes.losslessIcon}
            size={18}
            stroke={1.7}
            aria-hidden
          />
          Nothing gets lost: all of it has its place there.
        </p>
      )}
      {groups.map((group) => (
        <SortGroup key={group.sort} group={group} />
      ))}
    </div>
  );
}

function SortGroup({ group }: { group: Group }) {
  const { sort, count, reasons } = group;
  const { icon: Icon, title, about } = sorts[sort];
  const [opened, setOpened] = useState(sort !== 'renamed' && sort !== 'kept');
  return (
    <details
      className={classes.fate}
      open={opened}
      onToggle={({ currentTarget }) => setOpened(currentTarget.open)}
    >
      <summary>
        <Icon
          className={classes.fateIcon}
          data-sort={sort}
          size={16}
          stroke={1.7}
          aria-hidden
        />
        <span className={classes.fateTitle}>{title}</span>
        <span className={classes.count}>{count}</span>
        <span className={classes.fateAbout}>{about}</span>
        <IconChevronDown
          className={classes.chevron}
          size={16}
          stroke={1.7}
          aria-hidden
        />
      </summary>
      {/* There can be hundreds of what nobody looks at. */}
      {opened && (
        <ul className={classes.reasons}>
          {reasons.map((reason) => (
            <ReasonItem key={reason.key} reason={reason} />
          ))}
        </ul>
      )}
    </details>
  );
}

const AT_ONCE = 6;

function ReasonItem({ reason }: { reason: Reason }) {
  const { fate, field, becomes, why, notes } = reason;
  const [all, setAll] = useState(false);
  const shown = all ? notes : notes.slice(0, AT_ONCE);
  const more = notes.length - shown.length;
  return (
    <li className={classes.reason}>
      <p className={classes.why}>
        {field && <code className={`mono ${classes.field}`}>{field}</code>}
        {becomes && becomes !== field && (
          <>
            <IconArrowRight
              className={classes.arrow}
              size={14}
              stroke={1.8}
              aria-label="becomes"
            />
            <code className={`mono ${classes.becomes}`}>{becomes}</code>
          </>
        )}
        <span>{why}</span>
        {isLoss({ fate }) && <span className={classes.fateWord}>{fate}</span>}
      </p>
      <ul className={classes.components}>
        {shown.map((note) => (
          <li key={`${note.component}:${note.path ?? ''}`}>
            <NoteComponent note={note} />
          </li>
        ))}
        {more > 0 && (
          <li>
            <button type="button" className={classes.more} onClick={() => setAll(true)}>
              Show {more} more
            </button>
          </li>
        )}
      </ul>
    </li>
  );
}

function NoteComponent({ note }: { note: ExportNote }) {
  const component = componentOf(note.component);
  return (
    <>
      {component ? (
        <>
          <KindBadge kind={component.kind} />
          <Link
            to="/$plural/$team/$name"
            params={placeOf({ ...component, team: { slug: component.team } })}
            search={component.number ? { revision: component.number } : {}}
            className={`mono ${classes.component}`}
          >
            {component.team}/{component.name}
          </Link>
        </>
      ) : (
        note.component && <span className="mono">{note.component}</span>
      )}
      {note.path && (
        <span className={`mono ${classes.notePath}`} title="Its file in the export">
          {note.path}
        </span>
      )}
    </>
  );
}
