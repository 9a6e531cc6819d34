import { type ReactNode, useId } from 'react';
import classes from './account.module.css';

interface SectionProps {
  title: string;
  /** What it is for, in a sentence or two. */
  about?: ReactNode;
  children: ReactNode;
  /** For lists: as wide as the page allows. */
  wide?: boolean;
}

/** One matter of a page: what it is at the side, what can be done beside it. */
export function Section({ title, about, children, wide = false }: SectionProps) {
  const id = useId();
  return (
    <section
      className={classes.section}
      data-wide={wide || undefined}
      aria-labelledby={id}
    >
      <div>
        <h2 id={id}>{title}</h2>
        {about && <p className={classes.about}>{about}</p>}
      </div>
      <div className={classes.body}>{children}</div>
    </section>
  );
}
