import { AnchorLink } from '@/ui/links';
import classes from '../auth.module.css';

export interface Decision {
  code: string;
  allowed: boolean;
  /** What the device calls itself. */
  name: string;
}

export function Decided({ allowed, name }: Decision) {
  return (
    <>
      <p className={classes.text}>
        <strong>{name}</strong>{' '}
        {allowed ? 'goes on by itself within seconds.' : 'gets nothing.'} You can close
        this page.
      </p>
      {allowed && (
        <AnchorLink className={classes.below ?? ''} to="/account/tokens">
          See it among your API tokens
        </AnchorLink>
      )}
    </>
  );
}
