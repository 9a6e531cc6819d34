/** The name that a text says, for kinds whose files say it. */
import type { Kind } from '@/features/kinds/kinds';
import { readForm, setField } from './frontmatter';
import { readServer, withServerName } from './server-json';

/** Undefined where no field can change it; "" where there is room for one. */
export function nameIn(kind: Kind, text: string): string | undefined {
  if (kind.format === 'json') {
    const form = readServer(text);
    return form.state === 'ready' ? (form.name ?? undefined) : undefined;
  }
  const form = readForm(text);
  return form.state === 'ready' ? form.fields.name : undefined;
}

export const withName = (kind: Kind, text: string, name: string) =>
  kind.format === 'json' ? withServerName(text, name) : setField(text, 'name', name);
