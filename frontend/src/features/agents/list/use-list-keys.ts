import { type RefObject, useEffect, useRef } from 'react';
import type { Reveal } from './AgentTable';

interface ListKeys {
  count: number;
  search: RefObject<HTMLInputElement | null>;
  reveal: RefObject<Reveal | null>;
  onSelect: (index: number, range: boolean) => void;
  onClear: () => void;
}

const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable=true]';
/** What has keys of its own while it is open. */
const OVERLAY = '[role=dialog], [role=menu]';

const linkOf = (index: number) =>
  document.querySelector<HTMLElement>(`main [data-index="${index}"] a`);

function currentIndex(): number {
  const row = document.activeElement?.closest<HTMLElement>('main [data-index]');
  return row ? Number(row.dataset.index) : -1;
}

function focusRow(index: number, reveal: Reveal | null) {
  const link = linkOf(index);
  if (link) {
    link.focus({ preventScroll: true });
    link.closest('[data-index]')?.scrollIntoView({ block: 'nearest' });
    return;
  }
  reveal?.(index);
  requestAnimationFrame(() => requestAnimationFrame(() => linkOf(index)?.focus()));
}

/**
 * j/k and the arrows move the focus from row to row, x selects (with shift a range),
 * Enter opens because the focus is on the row's link, / searches, Escape unselects.
 */
export function useListKeys(keys: ListKeys) {
  const latest = useRef(keys);
  latest.current = keys;

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { count, search, reveal, onSelect, onClear } = latest.current;
      const target = event.target instanceof Element ? event.target : null;
      const inSearch = target !== null && target === search.current;
      if (document.querySelector(OVERLAY)) return;
      if (target?.closest(TYPING) && !(inSearch && event.key === 'ArrowDown')) return;

      const at = currentIndex();
      const move = (to: number) => {
        if (count > 0) focusRow(Math.min(Math.max(to, 0), count - 1), reveal.current);
      };
      const arrows = at >= 0 || inSearch;
      if (event.key === 'j' || (event.key === 'ArrowDown' && arrows)) move(at + 1);
      else if (event.key === 'k' || (event.key === 'ArrowUp' && arrows)) move(at - 1);
      else if (event.key.toLowerCase() === 'x' && at >= 0) onSelect(at, event.shiftKey);
      else if (event.key === '/') search.current?.focus();
      else if (event.key === 'Escape') return onClear();
      else return;
      event.preventDefault();
      // The frame's own `/` leads to another box.
      event.stopPropagation();
    }
    globalThis.addEventListener('keydown', onKeyDown, true);
    return () => globalThis.removeEventListener('keydown', onKeyDown, true);
  }, []);
}
