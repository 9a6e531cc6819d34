const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  // With the time zone, which those who compare it with a log need.
  timeStyle: 'long',
});

export function relativeTime(at: Date, now: Date = new Date()): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) {
      const count = seconds / size;
      // What was made for a week has a week left, also a second later.
      return relative.format(count < 0 ? Math.trunc(count) : Math.round(count), unit);
    }
  }
  if (Math.abs(seconds) < 45) return 'just now';
  return seconds < 0 ? 'a minute ago' : 'in a minute';
}

export const exactTime = (at: Date) => exact.format(at);
