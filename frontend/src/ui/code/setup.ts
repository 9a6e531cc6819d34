/** What every CodeMirror of the app shares: language, colours, nonce, names. */
import { yamlFrontmatter } from '@codemirror/lang-yaml';
import {
  defineLanguageFacet,
  HighlightStyle,
  Language,
  LanguageSupport,
  syntaxHighlighting,
} from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags as t } from '@lezer/highlight';
import { GFM, parser } from '@lezer/markdown';
import { cspNonce } from '@/lib/nonce';

// lang-markdown would bring HTML, CSS and JavaScript with it: the parser is enough.
const markdown = new LanguageSupport(
  new Language(defineLanguageFacet(), parser.configure([GFM]), [], 'markdown'),
);

const highlight = HighlightStyle.define([
  { tag: t.heading, color: 'var(--r-syn-heading)', fontWeight: '650' },
  { tag: t.strong, fontWeight: '650' },
  { tag: t.emphasis, fontStyle: 'italic' },
  { tag: t.strikethrough, textDecoration: 'line-through' },
  { tag: [t.link, t.url], color: 'var(--r-accent-text)' },
  { tag: [t.monospace, t.string], color: 'var(--r-syn-string)' },
  {
    tag: [t.definition(t.propertyName), t.propertyName],
    color: 'var(--r-syn-key)',
    fontWeight: '550',
  },
  { tag: [t.number, t.bool, t.null, t.keyword], color: 'var(--r-syn-number)' },
  {
    tag: [t.processingInstruction, t.contentSeparator, t.meta, t.comment, t.quote],
    color: 'var(--r-syn-mark)',
  },
]);

const colours = EditorView.theme({
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
    overflow: 'hidden',
    maxWidth: '520px',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '13px',
  },
  '.cm-diagnostic': { padding: '8px 10px', borderLeft: 'none' },
  '.cm-diagnosticAction': {
    display: 'block',
    margin: '8px 0 0',
    padding: '3px 10px',
    borderRadius: '4px',
    border: '1px solid var(--r-border-strong)',
    backgroundColor: 'var(--r-surface)',
    color: 'var(--r-text)',
    fontWeight: '550',
  },
  '.cm-diagnosticSource': { color: 'var(--r-text-muted)', opacity: '1' },
  '.cm-collapsedLines': {
    background: 'var(--r-sunken)',
    color: 'var(--r-text-secondary)',
    padding: '3px 8px',
  },
  '.cm-changedLine, .cm-insertedLine': {
    backgroundColor: 'var(--r-fine-soft) !important',
  },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk, .cm-deletedLine': {
    backgroundColor: 'var(--r-error-soft) !important',
  },
  '&.cm-merge-b .cm-changedText, .cm-insertedLine .cm-changedText, .cm-changedLine .cm-changedText':
    { background: 'color-mix(in srgb, var(--r-fine) 26%, transparent)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--r-error) 26%, transparent)',
  },
  '.cm-deletedChunk del, .cm-deletedLine del': { textDecoration: 'none' },
});

export function baseSetup(label: string): Extension {
  return [
    EditorView.cspNonce.of(cspNonce()),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    syntaxHighlighting(highlight),
    yamlFrontmatter({ content: markdown }),
    colours,
  ];
}

/** Text to look at: not editable, yet reachable and scrollable with the keyboard. */
export function readOnly(): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
  ];
}
