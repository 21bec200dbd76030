const tokenKey = 'meshpulse-token';

/** What an agent answered instead of a document. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The token that was typed in; gone with the browser's tab. */
export function token(): string | null {
  try {
    return sessionStorage.getItem(tokenKey);
  } catch {
    return null;
  }
}

export function setToken(value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, value);
  } catch {
    // A browser that stores nothing asks again.
  }
}

export function headers(accept: string): HeadersInit {
  const own = token();
  return own === null ? { Accept: accept } : { Accept: accept, Authorization: `Bearer ${own}` };
}

/** Asks the node that serves this page. Throws an ApiError that can be shown. */
export async function ask<T>(path: string, query: Record<string, string | number | null | undefined> = {}, signal?: AbortSignal): Promise<T> {
  const text = Object.entries(query)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&');
  let answer: Response;
  try {
    answer = await fetch(`api/v1/${path}${text === '' ? '' : `?${text}`}`, { headers: headers('application/json'), cache: 'no-store', ...(signal ? { signal } : {}) });
  } catch (e) {
    if (signal?.aborted) throw e;
    throw new ApiError(0, 'this node does not answer');
  }
  if (!answer.ok) throw new ApiError(answer.status, await wordsOf(answer));
  return (await answer.json()) as T;
}

/** The sentence of an answer that is none. */
export async function wordsOf(answer: Response): Promise<string> {
  const text = (await answer.text().catch(() => '')).slice(0, 500);
  try {
    const error: unknown = (JSON.parse(text) as { error?: unknown }).error;
    if (typeof error === 'string') return error;
  } catch {
    // Not ours: its first line has to do.
  }
  return text.split('\n')[0] || `answered ${answer.status}`;
}
