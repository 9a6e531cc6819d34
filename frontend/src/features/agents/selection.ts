/** Which rows are chosen, as pure functions over ids. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range with shift starts. */
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { ids: new Set(), anchor: null };

export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** From the anchor to `id`, both included, all take the anchor's state. */
export function extend(
  selection: Selection,
  order: readonly string[],
  id: string,
): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggle(selection, id);
  const select = selection.anchor !== null && selection.ids.has(selection.anchor);
  const ids = new Set(selection.ids);
  for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (select) ids.add(one);
    else ids.delete(one);
  }
  return { ids, anchor: selection.anchor };
}

/** All that is shown, or none of it when all of it was chosen already. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  const all = order.length > 0 && order.every((id) => selection.ids.has(id));
  return all ? nothingSelected : { ids: new Set(order), anchor: null };
}

/** Without what is no longer shown; the very same object when nothing went. */
export function within(selection: Selection, order: readonly string[]): Selection {
  const shown = new Set(order);
  const ids = [...selection.ids].filter((id) => shown.has(id));
  if (ids.length === selection.ids.size) return selection;
  const { anchor } = selection;
  return {
    ids: new Set(ids),
    anchor: anchor !== null && shown.has(anchor) ? anchor : null,
  };
}
