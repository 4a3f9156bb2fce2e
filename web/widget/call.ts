import { failed } from './failure.ts';
import type { Keeper } from './keeper.ts';
import { type Gate, readJson, refusalIn, send } from './send.ts';

/** Reads JSON through the gate. A credential that is taken no longer is renewed and the call repeated, once. Throws `Failed`. */
export async function getJson(
  gate: Gate,
  keeper: Keeper,
  path: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  let used = await keeper.current();
  let answer = await send(gate, path, used, {}, signal);
  if (answer.status === 401 && keeper.canRenew()) {
    used = await keeper.renew(used);
    answer = await send(gate, path, used, {}, signal);
  }
  if (!answer.ok) throw refusalIn(answer);
  if (answer.sessionToken) keeper.adopt(used, answer.sessionToken);
  const json = readJson(answer.text);
  if (json === undefined) throw failed('bad_answer');
  return json;
}
