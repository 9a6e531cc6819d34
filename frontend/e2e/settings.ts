/** What the first account of the journeys' instance is made with. */
export const SETUP_CODE = 'setup-code-for-the-journeys';

/** What the journeys are seen in: both widths and both colour schemes. */
export const looks = [
  { name: 'wide-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'narrow-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
  { name: 'wide-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'narrow-light', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
] as const;
