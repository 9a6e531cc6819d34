import { ask, at } from '@/features/files/api';
import { fileNameOf, saveFile } from '@/lib/download';

export const FORMATS = ['zip', 'tar.gz'] as const;
export type Format = (typeof FORMATS)[number];

/** A release laid out for a tool, as an archive; the token is in no address. */
export async function downloadExport(
  collection: string,
  number: number,
  wanted: { target: string; format: Format },
  fallback: string,
) {
  const place = `collections/${collection}/releases/${number}/export`;
  const response = await ask(at(`${place}?${new URLSearchParams(wanted)}`));
  saveFile(await response.blob(), fileNameOf(response, fallback));
}
