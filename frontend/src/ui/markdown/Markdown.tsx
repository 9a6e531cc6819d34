import { lazy, Suspense } from 'react';
import { TextSkeleton } from '../skeletons';

const Rendered = lazy(() => import('./RenderedMarkdown'));

/** Sanitised Markdown: runs no script and loads nothing from elsewhere. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<TextSkeleton lines={8} />}>
      <Rendered text={text} />
    </Suspense>
  );
}
