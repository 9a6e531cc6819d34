import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { AuditEvent } from '@/api/types';
import { Fact, FactList, RelativeTime } from '@/ui/facts';
import classes from './audit.module.css';
import { sentenceOf, valueText, wordsOf } from './words';

/** One event as a sentence; its particulars on a click. */
export function AuditEntry({ event }: { event: AuditEvent }) {
  const [open, setOpen] = useState(false);
  const details = useId();
  return (
    <li className={classes.event}>
      <button
        type="button"
        className={classes.line}
        aria-expanded={open}
        aria-controls={open ? details : undefined}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight
          size={15}
          stroke={1.8}
          className={classes.chevron}
          aria-hidden
        />
        <span className={classes.sentence}>
          <Sentence event={event} />
        </span>
        <span className={classes.time}>
          <RelativeTime at={event.created_at} />
        </span>
      </button>
      {open && (
        <div id={details} className={classes.details}>
          <Particulars event={event} />
        </div>
      )}
    </li>
  );
}

function Sentence({ event }: { event: AuditEvent }) {
  const { who, did, what, named } = sentenceOf(event);
  return (
    <>
      <strong>{who}</strong>
      {event.token_id && <span className="muted"> by an API token</span>} {did}
      {what && (
        <>
          {' '}
          <span className={named ? 'mono' : undefined}>{what}</span>
        </>
      )}
    </>
  );
}

function Particulars({ event }: { event: AuditEvent }) {
  const { action, target, address, request_id, seq, details } = event;
  return (
    <FactList>
      <Fact label="Action">
        <span className="mono">{action}</span>
      </Fact>
      {target.kind && (
        <Fact label={`Target: ${wordsOf(target.kind)}`}>
          {target.name} {target.id && <span className="mono muted">{target.id}</span>}
        </Fact>
      )}
      {Object.entries(details).map(([key, value]) => (
        <Fact key={key} label={wordsOf(key)}>
          {valueText(value)}
        </Fact>
      ))}
      {address && (
        <Fact label="From">
          <span className="mono">{address}</span>
        </Fact>
      )}
      {event.session_id && (
        <Fact label="Session">
          <span className="mono">{event.session_id}</span>
        </Fact>
      )}
      {event.token_id && (
        <Fact label="API token">
          <span className="mono">{event.token_id}</span>
        </Fact>
      )}
      {request_id && (
        <Fact label="Request">
          <span className="mono">{request_id}</span>
        </Fact>
      )}
      <Fact label="Chain">
        {seq === null || seq === undefined ? (
          'Not sealed yet'
        ) : (
          <span className="tabular">Sealed as number {seq}</span>
        )}
      </Fact>
    </FactList>
  );
}
