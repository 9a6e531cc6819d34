export interface Crumb {
  label: string;
  /** Address inside the app; the last crumb, where one is, has none. */
  href?: string;
  mono?: boolean;
}
