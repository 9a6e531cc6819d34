import { VisuallyHidden } from '@mantine/core';
import { useMatches, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

function focusTitle() {
  const main = document.querySelector('main');
  const target = main?.querySelector<HTMLElement>('h1') ?? main;
  if (!target || target.contains(document.activeElement)) return;
  // A page that put the focus into its own field knows better.
  if (main?.contains(document.activeElement)) return;
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Document title, focus and an announcement whenever another page is shown. */
export function RouteFocus() {
  const router = useRouter();
  const title = useMatches({
    select: (matches) => {
      for (const match of [...matches].reverse()) {
        const { title } = match.staticData;
        if (typeof title === 'function') {
          return title(match.params as Record<string, string>);
        }
        if (title) return title;
      }
      return null;
    },
  });
  const [announced, setAnnounced] = useState('');

  useEffect(() => {
    document.title = title ? `${title} · Roster` : 'Roster';
  }, [title]);

  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        focusTitle();
        setAnnounced(document.title);
      }),
    [router],
  );

  return (
    <VisuallyHidden role="status" aria-live="polite">
      {announced}
    </VisuallyHidden>
  );
}
