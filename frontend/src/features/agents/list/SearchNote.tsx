import type { SearchAnswer } from '@/api/types';
import classes from './list.module.css';

/** That another question was answered, or that not all was ranked. */
export default function SearchNote({ q, answer }: { q: string; answer: SearchAnswer }) {
  return (
    <>
      {answer.corrected && (
        <p className={classes.further}>
          Nothing holds “{q}”. Showing results for <strong>“{answer.corrected}”</strong>
          .
        </p>
      )}
      {!answer.complete && (
        <p className={classes.further}>
          Many hold these words: the most recently published were ranked. Another word
          or a filter finds the others.
        </p>
      )}
    </>
  );
}
