/** The upload itself. `fetch` cannot tell how much of a body has left; this can. */
import { reportAnswer } from '@/api/network';
import { OfflineError, toProblem } from '@/api/problem';
import { accessToken, apiOrigin, refresh } from '@/api/session';
import type { Collected } from './collect';
import type { ImportPublic } from './types';

interface Sending {
  /** From 0 to 1; 1 means that all has been sent. */
  onProgress: (part: number) => void;
  signal: AbortSignal;
}

export interface UploadRequest extends Sending {
  team: string;
  files: readonly Collected[];
}

export interface LockRequest extends Sending {
  team: string;
  lock: File;
  /** Of the instance that the lock file is from, where it does not say so itself. */
  address: string;
  token: string;
}

interface Upload extends Sending {
  path: string;
  body: FormData;
  files: readonly Collected[];
}

/** A file could not be read any more: changed, moved or removed since it was chosen. */
export class FileGoneError extends Error {
  override readonly name = 'FileGoneError';
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ['X-Request-ID', 'Retry-After']) {
    const value = request.getResponseHeader(name);
    if (value) headers.set(name, value);
  }
  return new Response(request.responseText, { status: request.status, headers });
}

function send({ path, body, signal, onProgress }: Upload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = () => signal.removeEventListener('abort', stop);
    request.open('POST', `${apiOrigin}/api/v1${path}`);
    request.withCredentials = true;
    request.setRequestHeader('Authorization', `Bearer ${accessToken()}`);
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    };
    request.upload.onload = () => onProgress(1);
    request.onload = () => {
      end();
      reportAnswer(true);
      resolve(answerOf(request));
    };
    request.onerror = () => {
      end();
      reject(new OfflineError('The connection broke off during the upload.'));
    };
    request.onabort = () => {
      end();
      reject(new DOMException('The upload was cancelled.', 'AbortError'));
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', stop);
    request.send(body);
  });
}

/** Finds the file that went away, since a broken upload does not say. */
async function checkReadable(files: readonly Collected[]) {
  for (const { path, file } of files) {
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch (cause) {
      throw new FileGoneError(
        `${path} changed or went away since you chose it. Choose it again.`,
        { cause },
      );
    }
  }
}

async function request(upload: Upload): Promise<ImportPublic> {
  if (!accessToken()) await refresh();
  const attempt = async () => {
    try {
      return await send(upload);
    } catch (error) {
      if (error instanceof OfflineError) await checkReadable(upload.files);
      throw error;
    }
  };
  let response = await attempt();
  if (response.status === 401 && (await refresh())) response = await attempt();
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toProblem(body, response);
  return body as ImportPublic;
}

/** Sends the files, each under its relative path, and gives the import made of them. */
export function uploadFiles({ team, files, ...sending }: UploadRequest) {
  const body = new FormData();
  body.append('team', team);
  for (const { path, file } of files) body.append('files', file, path);
  return request({ ...sending, path: '/imports', body, files });
}

/** Sends the lock file of another instance, and gives the import of what it lists. */
export function uploadLock({ team, lock, address, token, ...sending }: LockRequest) {
  const body = new FormData();
  body.append('team', team);
  body.append('files', lock, lock.name);
  if (address) body.append('address', address);
  if (token) body.append('token', token);
  const files = [{ path: lock.name, file: lock }];
  return request({ ...sending, path: '/imports/lock', body, files });
}
