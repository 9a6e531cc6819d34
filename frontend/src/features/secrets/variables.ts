/** What is wrong with the name of a variable, in one sentence. */
export function keyProblem(key: string): string | null {
  if (/^[A-Za-z_]\w{0,127}$/.test(key)) return null;
  return 'Use letters, digits and underscores, and begin with no digit.';
}
