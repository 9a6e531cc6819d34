import { type ReadyForm, readForm } from './frontmatter';

export const file = (block: string, body = '\nDo it.\n') => `---\n${block}---\n${body}`;

export function ready(text: string): ReadyForm {
  const form = readForm(text);
  if (form.state !== 'ready') throw new Error(form.message);
  return form;
}

export const rich = file(`# who it is
name: reviewer   # the short one
description: 'Reads: everything'
# what it may use
tools:
  - Read # always
  - "Grep"
x-owner: {team:  platform,   since: 2024}
model: "sonnet"

hooks:
  PreToolUse:
    # inner note
    - matcher: Bash
color: blue
`);
