/** What is wrong with an address before the server is asked. */
export const emailFault = (value: string): string | null =>
  /^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Enter an e-mail address';
