import { Fragment } from 'react';
import type { Highlight } from '@/api/types';
import classes from './list.module.css';

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A text in pieces, every second one of which is one of the words. */
export function piecesOf(text: string, words: readonly string[]): string[] {
  if (words.length === 0) return [text];
  const any = [...new Set(words)].sort((a, b) => b.length - a.length).map(escaped);
  const whole = `(?<![\\p{L}\\p{N}])(${any.join('|')})(?![\\p{L}\\p{N}])`;
  return text.split(new RegExp(whole, 'u'));
}

interface MarksProps {
  text: string;
  highlight: Highlight;
}

/** A text with the words marked that the server found in it. */
export default function Marks({ text, highlight }: MarksProps) {
  const words = highlight.segments.filter(({ match }) => match);
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

/** Segments of a text that stands nowhere else in the row. */
export function MarkedExcerpt({ highlight }: { highlight: Highlight }) {
  return (
    <div className={classes.excerpt}>
      {highlight.segments.map(({ text, match }, index) =>
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
