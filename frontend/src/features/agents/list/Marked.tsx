import { createContext, Fragment, useContext } from 'react';
import type { Highlight, SearchAnswer } from '@/api/types';
import classes from './list.module.css';

/** What the question of a list found in each of its rows, by their ids. */
export type Highlights = NonNullable<SearchAnswer['highlights']>;

/** Rows take theirs from here, so that lists without a question know nothing of it. */
export const HighlightsContext = createContext<Highlights>({});

const NONE: Highlight[] = [];
const useHighlights = (id: string) => useContext(HighlightsContext)[id] ?? NONE;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A text in pieces, every second one of which is one of the words. */
export function piecesOf(text: string, words: readonly string[]): string[] {
  if (words.length === 0) return [text];
  const any = [...new Set(words)].sort((a, b) => b.length - a.length).map(escaped);
  const whole = `(?<![\\p{L}\\p{N}])(${any.join('|')})(?![\\p{L}\\p{N}])`;
  return text.split(new RegExp(whole, 'u'));
}

interface MarkedProps {
  /** Of the row. */
  id: string;
  field: Highlight['field'];
  text: string;
}

/** What a row shows of a field, with the words marked that the server found in it. */
export function Marked({ id, field, text }: MarkedProps) {
  const found = useHighlights(id).find((one) => one.field === field);
  const words = found?.segments.filter(({ match }) => match) ?? [];
  const pieces = piecesOf(
    text,
    words.map((word) => word.text),
  );
  return pieces.map((piece, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing else
      <mark key={index} className={classes.mark}>
        {piece}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing else
      <Fragment key={index}>{piece}</Fragment>
    ),
  );
}

/** Where the words stand in the text of the file, if nowhere else. */
export function Excerpt({ id }: { id: string }) {
  const body = useHighlights(id).find(({ field }) => field === 'body');
  if (!body) return null;
  return (
    <div className={classes.excerpt}>
      {body.segments.map(({ text, match }, index) =>
        match ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: segments have nothing else
          <mark key={index} className={classes.mark}>
            {text}
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: segments have nothing else
          <Fragment key={index}>{text}</Fragment>
        ),
      )}
    </div>
  );
}

/** That another question was answered, or that not all was ranked. */
export function SearchNote({ q, answer }: { q: string; answer: SearchAnswer }) {
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
