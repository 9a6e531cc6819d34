/** What every CodeMirror of the app shares: language, colours, nonce, names. */
import { yaml, yamlFrontmatter } from '@codemirror/lang-yaml';
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
import { colours } from './look';

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

const frontMatter = yamlFrontmatter({ content: markdown });

/** Markdown with front matter or without, JSON, which is YAML as well, or any text. */
export type TextKind = 'agent' | 'markdown' | 'json' | 'plain';

const languages: Record<TextKind, Extension> = {
  agent: frontMatter,
  markdown,
  json: yaml(),
  plain: [],
};

export function baseSetup(label: string, language: TextKind = 'agent'): Extension {
  return [
    EditorView.cspNonce.of(cspNonce()),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    syntaxHighlighting(highlight),
    languages[language],
    colours,
  ];
}

/** Text to look at: not editable, yet reachable and scrollable with the keyboard. */
export function readOnly(): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
  ];
}
