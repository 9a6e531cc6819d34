import { ActionIcon } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconTag } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { kindOf } from '@/features/kinds/kinds';
import { exactTime, relativeTime } from '@/lib/time';
import classes from './facts.module.css';

export function KindBadge({ kind }: { kind: string }) {
  const { icon: Icon, label, tint } = kindOf(kind);
  return (
    <span className={classes.kind} data-tint={tint}>
      <Icon size={14} stroke={1.7} aria-hidden />
      {label}
    </span>
  );
}

/** "3 hours ago", with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactTime(date)} className="tabular">
      {relativeTime(date)}
    </time>
  );
}

interface CopyTextProps {
  value: string;
  /** What is copied, for the button's name: "Copy identifier". */
  what: string;
  children?: ReactNode;
}

/** Monospaced text with a button that copies it. */
export function CopyText({ value, what, children }: CopyTextProps) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  return (
    <span className={classes.copy}>
      <span className={`mono ${classes.copyValue}`}>{children ?? value}</span>
      <ActionIcon
        size="sm"
        onClick={() => copy(value)}
        aria-label={copied ? 'Copied' : `Copy ${what}`}
        title={copied ? 'Copied' : `Copy ${what}`}
      >
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.7} />}
      </ActionIcon>
    </span>
  );
}

/** The first twelve digits; copies all of them. */
export function Digest({ value }: { value: string }) {
  return (
    <CopyText value={value} what="digest">
      <span title={value}>{value.slice(0, 12)}</span>
    </CopyText>
  );
}

const number = new Intl.NumberFormat('en');

export function TokenCount({ value }: { value: number }) {
  return (
    <span className="tabular" title="Tokens, estimated from the length of the text">
      {number.format(value)}
      <span className={classes.unit}> tokens</span>
    </span>
  );
}

interface LabelChipProps {
  name: string;
  number?: number;
}

export function LabelChip({ name, number: revision }: LabelChipProps) {
  return (
    <span className={classes.label} data-latest={name === 'latest' || undefined}>
      <IconTag size={12} stroke={1.8} aria-hidden />
      {name}
      {revision !== undefined && (
        <span className={classes.labelNumber}>{revision}</span>
      )}
    </span>
  );
}

/** Facts about the thing at hand: small labels, plain values. */
export function FactList({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
