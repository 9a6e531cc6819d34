import { createSpotlight } from '@mantine/spotlight';

const [store, actions] = createSpotlight();

export const commandMenu = { store, ...actions };

/** As Mantine does it while the person types, and for nobody else. */
export function selectFirst() {
  const { listId } = store.getState();
  const actions = document.getElementById(listId)?.querySelectorAll('[data-action]');
  for (const action of actions ?? []) action.removeAttribute('data-selected');
  actions?.[0]?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}
