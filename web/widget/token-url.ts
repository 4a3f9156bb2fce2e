import { failed } from './failure.ts';
import { readJson, request } from './send.ts';

/** Asks the page's own endpoint for a token. Throws `signed_out` for 401 and 403, `token_url_failed` or `offline` for all else. */
export async function fetchToken(url: string): Promise<string> {
  const { ok, status, text } = await request(url, {}, undefined, 'token_url_failed');
  if (status === 401 || status === 403) throw failed('signed_out');
  const token = ok && readJson(text)?.token;
  if (token && typeof token === 'string') return token;
  throw failed('token_url_failed');
}
