import { useEffect, useRef, useState } from 'react';

const DELAY_MS = 200;

/**
 * The text of a search field whose value stands in the address: shown as it is typed,
 * sent a moment later or at once, and following the value when that changes elsewhere.
 */
export function useDelayedText(value: string, onChange: (value: string) => void) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(onChange);
  latest.current = onChange;

  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    clearTimeout(timer.current);
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (next: string) => {
    clearTimeout(timer.current);
    setText(next);
    sent.current = next.trim() ? next : '';
    latest.current(next);
  };
  const type = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(send, DELAY_MS, next);
  };
  return { text, type, send };
}
