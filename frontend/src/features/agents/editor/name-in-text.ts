/** The name that a text says, for kinds whose files say it. */
import type { Kind } from '@/features/kinds/kinds';
import { setField } from './frontmatter';
import { withServerName } from './server-json';

export const withName = (kind: Kind, text: string, name: string) =>
  kind.format === 'json' ? withServerName(text, name) : setField(text, 'name', name);
