import { Link } from '@tanstack/react-router';
import type { LiveEvent } from '@/api/types';
import { RelativeTime } from '@/ui/facts';
import classes from './dashboard.module.css';
import { didOf, pageOf, whatOf } from './words';

/** What happened last, newest first. */
export function Activity({ events }: { events: LiveEvent[] }) {
  if (events.length === 0) {
    return <p className={classes.nothing}>Nothing happened in this time.</p>;
  }
  return (
    <ol className={classes.activity}>
      {events.map((event) => {
        const page = pageOf(event);
        return (
          <li key={event.id} className={classes.event}>
            <span>
              <strong>{event.actor?.username ?? 'Roster'}</strong> {didOf(event)}{' '}
              {page ? (
                <Link to={page as string} className={classes.target}>
                  {whatOf(event)}
                </Link>
              ) : (
                <span className="mono">{whatOf(event)}</span>
              )}
            </span>
            <RelativeTime at={event.at} />
          </li>
        );
      })}
    </ol>
  );
}
