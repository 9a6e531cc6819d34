import { useQuery } from '@tanstack/react-query';
import classes from './count.module.css';
import { waitingQuery } from './queries';

/** How many reviews wait for this person. */
export default function ReviewCount() {
  const { data: waiting } = useQuery(waitingQuery);
  if (!waiting) return null;
  return (
    <span className={`tabular ${classes.count}`} title={`${waiting} need you`}>
      {waiting > 99 ? '99+' : waiting}
      <span className={classes.word}> need you</span>
    </span>
  );
}
