/** The look of every CodeMirror of the app, in the tokens of the theme. */
import { EditorView } from '@codemirror/view';

export const colours = EditorView.theme({
  '&': { color: 'var(--r-text)', backgroundColor: 'var(--r-surface)' },
  '&.cm-focused': { outline: '2px solid var(--r-accent-text)', outlineOffset: '-1px' },
  '.cm-content': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '13px',
    lineHeight: '1.6',
    fontVariantLigatures: 'none',
    padding: '8px 0',
    caretColor: 'var(--r-text)',
  },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-content:focus-visible': { outline: 'none' },
  '.cm-gutters': {
    backgroundColor: 'var(--r-surface)',
    color: 'var(--r-text-muted)',
    border: 'none',
    fontSize: '12px',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--r-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--r-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    {
      backgroundColor:
        'color-mix(in srgb, var(--r-accent-text) 24%, transparent) !important',
    },
  '.cm-panels': {
    backgroundColor: 'var(--r-sunken)',
    color: 'var(--r-text)',
    borderColor: 'var(--r-border)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--r-surface)',
    border: '1px solid var(--r-border-strong)',
    borderRadius: '6px',
    boxShadow: '0 4px 16px -4px rgb(10 15 20 / 18%)',
    overflow: 'hidden',
    maxWidth: 'min(520px, calc(100vw - 32px))',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '13px',
  },
  '.cm-panel.cm-search': {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '6px',
    padding: '8px 32px 8px 8px',
    '& br': { display: 'none' },
    '& label': { display: 'inline-flex', alignItems: 'center', fontSize: '12px' },
    '& [name=close]': { fontSize: '16px', width: '24px', height: '24px' },
  },
  '.cm-textfield, .cm-button': {
    height: '26px',
    padding: '0 8px',
    borderRadius: '4px',
    border: '1px solid var(--r-border-strong)',
    background: 'var(--r-surface)',
    color: 'var(--r-text)',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '12.5px',
  },
  '.cm-searchMatch': {
    backgroundColor: 'color-mix(in srgb, var(--r-warning) 24%, transparent)',
  },
  '.cm-searchMatch-selected': {
    backgroundColor: 'color-mix(in srgb, var(--r-warning) 48%, transparent)',
  },
  '.cm-selectionMatch': {
    backgroundColor: 'color-mix(in srgb, var(--r-accent-text) 14%, transparent)',
  },
});

const wave = (colour: string) => ({
  // The library's own waves are data addresses, which the policy of the page forbids.
  backgroundImage: 'none',
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: '3px',
  textDecorationSkipInk: 'none',
});

const marker = (colour: string, sign: string, shape: string) => ({
  content: 'none',
  display: 'grid',
  placeItems: 'center',
  backgroundColor: colour,
  color: 'var(--r-surface)',
  clipPath: shape,
  '&::before': {
    content: `"${sign}"`,
    font: '700 10px/1 var(--mantine-font-family)',
  },
});

const OCTAGON =
  'polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%)';
const TRIANGLE = 'polygon(50% 2%, 100% 96%, 0 96%)';

const badge = (severity: string) => ({
  color: `var(--r-${severity})`,
  backgroundColor: `var(--r-${severity}-soft)`,
});

/** Findings: a shape of its own for each severity, never colour alone. */
export const findingLook = EditorView.theme({
  '.cm-gutter-lint': { width: '20px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '3px 3px 0' },
  '.cm-lint-marker': { width: '14px', height: '14px', cursor: 'help' },
  '.cm-lint-marker-error': marker('var(--r-error)', '\\00d7', OCTAGON),
  '.cm-lint-marker-warning': {
    ...marker('var(--r-warning)', '!', TRIANGLE),
    '&::before': { content: '"!"', font: '700 9px/1 inherit', paddingTop: '4px' },
  },
  '.cm-lint-marker-info': marker('var(--r-info)', 'i', 'circle(50%)'),
  '.cm-lintRange-error': wave('var(--r-error)'),
  '.cm-lintRange-warning': wave('var(--r-warning)'),
  '.cm-lintRange-info': wave('var(--r-info)'),
  '.cm-lintRange-active': { backgroundColor: 'var(--r-selected)' },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--r-error)' },
  '.cm-lintPoint-warning::after': { borderBottomColor: 'var(--r-warning)' },
  '.cm-lintPoint-info::after': { borderBottomColor: 'var(--r-info)' },
  '.cm-diagnostic': {
    margin: '0',
    padding: '8px 12px',
    borderLeft: 'none',
    whiteSpace: 'normal',
    lineHeight: '1.45',
  },
  '.cm-diagnostic + .cm-diagnostic': { borderTop: '1px solid var(--r-border)' },
  '.cm-finding-severity': {
    display: 'inline-block',
    marginRight: '8px',
    padding: '0 6px',
    borderRadius: '4px',
    fontSize: '12px',
    fontWeight: '550',
  },
  '.cm-finding-error': badge('error'),
  '.cm-finding-warning': badge('warning'),
  '.cm-finding-info': badge('info'),
  '.cm-diagnosticAction': {
    display: 'block',
    margin: '8px 0 0',
    padding: '3px 10px',
    borderRadius: '4px',
    border: '1px solid var(--r-border-strong)',
    backgroundColor: 'var(--r-surface)',
    color: 'var(--r-text)',
    fontWeight: '550',
    '&:hover': { backgroundColor: 'var(--r-hover)' },
  },
  '.cm-diagnosticSource': {
    marginTop: '6px',
    color: 'var(--r-text-muted)',
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '11.5px',
    opacity: '1',
  },
});

const stripe = (severity: string) => ({
  background: `var(--r-${severity})`,
});

/** A ground that keeps every syntax colour readable; the line below says the rest. */
const changed = (severity: string) => ({
  background: `color-mix(in srgb, var(--r-${severity}) 12%, transparent)`,
  boxShadow: `inset 0 -2px 0 color-mix(in srgb, var(--r-${severity}) 65%, transparent)`,
});

export const diffLook = EditorView.theme({
  // The palest syntax colour would not be readable on the grounds of changes.
  '.cm-changedLine, .cm-insertedLine, .cm-deletedLine, .cm-deletedChunk': {
    '--r-syn-mark': 'var(--r-text-secondary)',
  },
  '.cm-collapsedLines': {
    background: 'var(--r-sunken)',
    color: 'var(--r-text-muted)',
    padding: '4px 12px',
    borderBlock: '1px solid var(--r-border)',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '12px',
    '&::before': { content: '"\\2195"', marginInlineEnd: '8px' },
    '&::after': { content: 'none' },
    '&:hover': { color: 'var(--r-text)', backgroundColor: 'var(--r-hover)' },
  },
  '.cm-changedLine, .cm-insertedLine': {
    backgroundColor: 'var(--r-fine-soft) !important',
  },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk, .cm-deletedLine': {
    backgroundColor: 'var(--r-error-soft) !important',
  },
  '&.cm-merge-b .cm-changedText, .cm-insertedLine .cm-changedText, .cm-changedLine .cm-changedText':
    changed('fine'),
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': changed('error'),
  '.cm-deletedChunk': { paddingInline: '6px' },
  '.cm-deletedChunk del, .cm-deletedLine del': { textDecoration: 'none' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': stripe('error'),
  '&.cm-merge-b .cm-changedLineGutter, .cm-inlineChangedLineGutter': stripe('fine'),
  '.cm-mergeSpacer': {
    background:
      'repeating-linear-gradient(-45deg, transparent 0 5px, var(--r-border) 5px 6px)',
  },
});
