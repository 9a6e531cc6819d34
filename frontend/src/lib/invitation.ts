/**
 * The invitation that somebody came with, kept while they sign in or make an account:
 * in this tab only, and until it is accepted.
 */
const KEY = 'roster-invitation';

export const keptInvitation = () => sessionStorage.getItem(KEY);

export const keepInvitation = (token: string) => sessionStorage.setItem(KEY, token);

export const dropInvitation = () => sessionStorage.removeItem(KEY);
