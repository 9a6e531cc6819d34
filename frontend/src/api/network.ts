/** Whether the server answers. `send` reports here; the offline banner listens. */
let offline = false;
const listeners = new Set<() => void>();

export const isOffline = () => offline;

export function subscribeNetwork(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function reportAnswer(answered: boolean) {
  if (offline === !answered) return;
  offline = !answered;
  for (const listener of listeners) listener();
}
