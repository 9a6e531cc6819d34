import { describe, expect, it } from 'vitest';
import { proseOf, summaryOf } from './description';

const dialogue = `<example>
Context: A field was renamed.
user: "Is that all right?"
assistant: "I will ask the keeper."
<commentary>Contracts matter.</commentary>
</example>`;

describe('proseOf', () => {
  it('takes the dialogues out, and the words that announce them', () => {
    expect(proseOf(`Keeps contracts.\n\nExamples:\n\n${dialogue}\n\n${dialogue}`)).toBe(
      'Keeps contracts.',
    );
    expect(proseOf(`Keeps contracts. Examples: ${dialogue}`)).toBe('Keeps contracts.');
  });

  it('reads a literal \\n as the line break that was meant', () => {
    const literal = `Keeps contracts.\\n\\nExamples:\\n${dialogue.replaceAll('\n', '\\n')}`;
    expect(proseOf(literal)).toBe('Keeps contracts.');
    expect(proseOf('For:\\n- routes\\n- schemas')).toBe('For:\n- routes\n- schemas');
  });

  it('ends an example that nobody closed where the next one begins', () => {
    const open = dialogue.replace('</example>', '');
    expect(proseOf(`Before. ${open}${dialogue} After.`)).toBe('Before.\n\nAfter.');
    expect(proseOf(`Before.\n${open}`)).toBe('Before.');
  });

  it('keeps what only looks similar', () => {
    const text = 'Use it for examples: snippets, demos. For example: a demo.';
    expect(proseOf(text)).toBe(text);
    expect(proseOf('Writes <example-app> pages')).toBe('Writes <example-app> pages');
  });
});

it('makes one line for lists', () => {
  expect(summaryOf(`Keeps\n  contracts.\n${dialogue}`)).toBe('Keeps contracts.');
});
