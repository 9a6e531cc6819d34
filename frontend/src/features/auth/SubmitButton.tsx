import { Button } from '@mantine/core';
import { isProblem } from '@/api/problem';
import { useCountdown } from '@/lib/use-countdown';

interface SubmitButtonProps {
  /** What the last try ended with; a refusal for haste is counted down. */
  error: unknown;
  busy: boolean;
  children: string;
}

/** The one primary button of the card. */
export function SubmitButton({ error, busy, children }: SubmitButtonProps) {
  const wait = useCountdown(isProblem(error) ? error.retryAfter : null, error);
  return (
    <Button type="submit" size="md" variant="filled" loading={busy} disabled={wait > 0}>
      {wait > 0 ? `Try again in ${timeLeft(wait)}` : children}
    </Button>
  );
}

function timeLeft(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
