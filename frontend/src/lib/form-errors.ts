import { isProblem } from '@/api/problem';

interface FormLike {
  setErrors: (errors: Record<string, string>) => void;
  getValues: () => Record<string, unknown>;
}

/**
 * Puts the server's field errors on their fields and says whether all of them found
 * one; what is left belongs above the form.
 */
export function applyProblem(form: FormLike, error: unknown): boolean {
  if (!isProblem(error) || error.errors.length === 0) return false;
  const known = form.getValues();
  const placed: Record<string, string> = {};
  let all = true;
  for (const { loc, message } of error.errors) {
    const field = loc.replace(/^body\./, '');
    if (field in known) placed[field] ??= message;
    else all = false;
  }
  form.setErrors(placed);
  return all;
}
