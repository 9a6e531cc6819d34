import { type ReactNode, useState } from 'react';
import { useCode } from '@/lib/use-code';
import classes from './ui.module.css';

const bubble = () => import('./HintBubble');

interface HintProps {
  label: string;
  position?: 'top' | 'right';
  disabled?: boolean;
  children: ReactNode;
}

/** A tooltip whose code comes after the page; says what the element's name says. */
export function Hint({
  label,
  position = 'top',
  disabled = false,
  children,
}: HintProps) {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const Bubble = useCode(bubble, target !== null);
  const show = (around: HTMLElement) =>
    setTarget(around.firstElementChild as HTMLElement | null);
  const hide = () => setTarget(null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to what its child does
    <span
      className={classes.hint}
      onPointerEnter={(event) => {
        if (event.pointerType !== 'touch') show(event.currentTarget);
      }}
      onPointerLeave={hide}
      onFocus={(event) => {
        if (event.target.matches(':focus-visible')) show(event.currentTarget);
      }}
      onBlur={hide}
      onKeyDown={(event) => {
        if (event.key === 'Escape') hide();
      }}
    >
      {children}
      {Bubble && target && !disabled && (
        <Bubble target={target} label={label} position={position} />
      )}
    </span>
  );
}
