import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { AuthCard } from '../AuthCard';
import classes from '../auth.module.css';
import { deviceQuery } from './api';
import { CodeEntry } from './CodeEntry';
import { Decided, type Decision } from './Decided';
import { DeviceAsks } from './DeviceAsks';

interface DevicePageProps {
  /** From the address, or typed; none: it is asked for. */
  code: string | null;
  onCode: (code: string) => void;
}

interface Step {
  title: string;
  lead?: string;
  body: ReactNode;
  wide?: boolean;
}

/** Where a device without a browser sends its person: who asks, and whether it may. */
export function DevicePage(props: DevicePageProps) {
  const { title, lead, body, wide } = useStep(props);
  return (
    <AuthCard title={title} lead={lead} wide={wide ?? false}>
      {body}
    </AuthCard>
  );
}

function useStep({ code, onCode }: DevicePageProps): Step {
  const [decision, setDecision] = useState<Decision | null>(null);
  const asked = useQuery({ ...deviceQuery(code ?? ''), enabled: code !== null });
  if (decision && decision.code === code) {
    const title = `The device ${decision.allowed ? 'is signed in' : 'was refused'}`;
    return { title, body: <Decided {...decision} /> };
  }
  if (asked.data) {
    const body = <DeviceAsks device={asked.data} onDecided={setDecision} />;
    return { title: 'Let this device act for you?', body, wide: true };
  }
  const entry = {
    title: 'Sign a device in',
    lead: 'For a program in a terminal, or on a machine without a browser.',
  };
  if (asked.isLoading) return { ...entry, body: <Loading /> };
  const body = (
    <CodeEntry
      code={code}
      error={asked.error}
      busy={asked.isFetching}
      onCode={(typed) => (typed === code ? void asked.refetch() : onCode(typed))}
    />
  );
  return { ...entry, body };
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className={classes.form}>
      <Skeleton height={12} width="70%" />
      <Skeleton height={12} width="50%" />
      <Skeleton height={36} />
    </div>
  );
}
