import { createContext, lazy, Suspense, useContext } from 'react';
import type { AgentPage, Highlight, SearchAnswer } from '@/api/types';

// Where nothing is searched, nothing of it is loaded.
const Marks = lazy(() => import('./Marks'));
const MarkedExcerpt = lazy(async () => ({
  default: (await import('./Marks')).MarkedExcerpt,
}));

/** What the question of a list found in each of its rows, by their ids. */
export type Highlights = NonNullable<SearchAnswer['highlights']>;

/** Rows take theirs from here, so that lists without a question know nothing of it. */
export const HighlightsContext = createContext<Highlights>({});

export const highlightsIn = (pages: readonly AgentPage[]): Highlights =>
  Object.assign({}, ...pages.map((page) => page.search?.highlights));

const useHighlight = (id: string, field: Highlight['field']) =>
  useContext(HighlightsContext)[id]?.find((one) => one.field === field);

interface MarkedProps {
  /** Of the row. */
  id: string;
  field: Highlight['field'];
  text: string;
}

/** What a row shows of a field, with the words marked that were found in it. */
export function Marked({ id, field, text }: MarkedProps) {
  const found = useHighlight(id, field);
  if (!found) return text;
  return (
    <Suspense fallback={text}>
      <Marks text={text} highlight={found} />
    </Suspense>
  );
}

/** Where the words stand in the text of the file, if nowhere else. */
export function Excerpt({ id }: { id: string }) {
  const body = useHighlight(id, 'body');
  if (!body) return null;
  return (
    <Suspense>
      <MarkedExcerpt highlight={body} />
    </Suspense>
  );
}
