import { failed } from './failure.ts';
import type { Keeper } from './keeper.ts';
import { readJson, refusalIn, send } from './send.ts';

/** Reads JSON through the gate. A credential that is taken no longer is renewed and the call repeated, once. Throws `Failed`. */
export async function getJson(
  apiUrl: string,
  keeper: Keeper,
  path: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  let used = await keeper.current();
  let answer = await send(apiUrl, path, used, {}, signal);
  if (answer.status === 401 && keeper.canRenew) {
    used = await keeper.renew(used);
    answer = await send(apiUrl, path, used, {}, signal);
  }
  if (answer.status !== 401) keeper.accept(used, answer.sessionToken);
  if (!answer.ok) throw refusalIn(answer);
  const json = readJson(answer.text);
  if (!json) throw failed('bad_answer');
  return json;
}
