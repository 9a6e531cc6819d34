import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

interface HintBubbleProps {
  target: HTMLElement;
  label: string;
  position: 'top' | 'right';
}

const DELAY_MS = 350;

/** What a `<Hint>` shows once somebody has stayed on its element. */
export default function HintBubble({ target, label, position }: HintBubbleProps) {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOpened(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return <Tooltip target={target} label={label} position={position} opened={opened} />;
}
