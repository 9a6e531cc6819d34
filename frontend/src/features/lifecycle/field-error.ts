import { isProblem } from '@/api/problem';

/** What the server said about one field of a form. */
export const fieldError = (error: unknown, ...fields: string[]): string | undefined =>
  isProblem(error)
    ? error.errors.find(({ loc }) => fields.includes(loc))?.message
    : undefined;

/** The error, unless a field says it already. */
export const restOf = (error: Error | null, ...fields: string[]): Error | null =>
  fieldError(error, ...fields) ? null : error;
