/** What of the editor is shown, as the address holds it. */
export const PANELS = ['findings', 'preview', 'files'] as const;
export type Panel = (typeof PANELS)[number];

/** Narrow screens show one thing at a time, so a panel can be the view. */
export const VIEWS = ['form', 'source', 'split', ...PANELS] as const;
export type View = (typeof VIEWS)[number];

export interface ViewSearch {
  view?: View;
  panel?: Panel;
}

export interface EditSearch extends ViewSearch {
  /** Start from the repaired text. */
  repair?: true;
  /** Start from the text of this older revision. */
  restore?: number;
}

export function readViewSearch(raw: Record<string, unknown>): ViewSearch {
  const search: ViewSearch = {};
  const view = VIEWS.find((one) => one === raw.view);
  if (view && view !== 'form') search.view = view;
  const panel = PANELS.find((one) => one === raw.panel);
  if (panel && panel !== 'findings') search.panel = panel;
  return search;
}

export function readEditSearch(raw: Record<string, unknown>): EditSearch {
  const search: EditSearch = readViewSearch(raw);
  if (raw.repair === 1 || raw.repair === '1' || raw.repair === true)
    search.repair = true;
  const restore = Number(raw.restore);
  if (Number.isInteger(restore) && restore > 0) search.restore = restore;
  return search;
}

export interface Shown {
  /** Of wide screens. */
  view: 'form' | 'source' | 'split';
  panel: Panel;
  /** Of narrow screens. */
  tab: Exclude<View, 'split'>;
}

/** What to show on either screen for one address. */
export function shownOf({ view = 'form', panel }: ViewSearch): Shown {
  if (view === 'findings' || view === 'preview' || view === 'files') {
    return { view: 'form', panel: panel ?? view, tab: view };
  }
  const tab = view === 'split' ? 'source' : view;
  return { view, panel: panel ?? 'findings', tab };
}
