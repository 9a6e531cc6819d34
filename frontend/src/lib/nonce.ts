import { setNonce } from 'get-nonce';

/** The nonce that the server wrote into this page, for style elements made at run time. */
export function cspNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce || meta?.getAttribute('nonce') || '';
}

/** Libraries that lock scrolling ask `get-nonce`. */
export function adoptNonce() {
  const nonce = cspNonce();
  if (nonce) setNonce(nonce);
}
