/** What people paste as the address of a repository, and what the server wants. */

export interface RepositoryAddress {
  url: string;
  ref?: string;
  folder?: string;
}

const SCP = /^(?:ssh:\/\/)?git@([^:/]+)[:/](.+)$/;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** What forges put between a repository and what is shown of it. */
const VIEW = /^(\/[^/]+\/[^/]+)\/(?:-\/)?(?:tree|src\/branch|src)\/([^/]+)(?:\/(.+))?$/;

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * The repository behind what was pasted: an ssh address becomes its https one, and the
 * page of a folder becomes repository, branch and folder.
 */
export function readAddress(pasted: string): RepositoryAddress {
  const text = pasted.trim();
  const [, host, path] = SCP.exec(text) ?? [];
  if (host && path) return { url: `https://${host}/${path}` };
  const url = parse(
    SCHEME.test(text) || !/^[^/]+\.[^/]+\//.test(text) ? text : `https://${text}`,
  );
  if (!url || !/^https?:$/.test(url.protocol)) return { url: text };
  const [, repository, ref, folder] = VIEW.exec(url.pathname) ?? [];
  if (!repository || !ref) return { url: url.href.replace(/\/+$/, '') };
  return {
    url: `${url.origin}${repository}`,
    ref: decodeURIComponent(ref),
    ...(folder ? { folder: decodeURIComponent(folder).replace(/\/+$/, '') } : {}),
  };
}

/** What is wrong with it, as far as that shows before asking the server. */
export function addressProblem(text: string): string | null {
  if (!text.trim()) return 'Enter the address of the repository';
  const url = parse(text.trim());
  if (!url?.hostname) {
    return 'Write it like https://example.org/owner/repository';
  }
  if (!/^https?:$/.test(url.protocol)) return 'Use its https address';
  if (url.username || url.password) {
    return 'Leave name and password out of the address: the token has its own field';
  }
  return null;
}

/** "example.org/owner/repository": what an address is called in a sentence. */
export const shortAddress = (url: string) =>
  url.replace(/^https?:\/\//, '').replace(/(?:\.git)?\/*$/, '');
