import { type AdminAction, type AdminRoute, adminRoutes } from '../../../../lambda/contract/admin-routes.ts';
import { protectedTrees } from '../../../../lambda/contract/routes.ts';
import { leave } from '../state/session.ts';
import type { Answer } from './answer.ts';
import { callGate } from './call.ts';

export interface Request {
  /** The segments that the route's path names. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The version that a change must find. */
  readonly expectedVersion?: number;
}

const byAction = new Map<AdminAction, AdminRoute>(adminRoutes.map((route) => [route.action, route]));

/** Asks the admin API for something. Where the session turns out to be over, the console is left for the login. */
export async function ask<T>(action: AdminAction, request: Request = {}): Promise<Answer<T>> {
  const answer = await askAsIs<T>(action, request);
  if (!answer.ok && answer.refusal.code === 'unauthorized') leave('ended');
  return answer;
}

/** The same, where no session is no surprise. */
export function askAsIs<T>(
  action: AdminAction,
  { path = {}, query = {}, body, expectedVersion }: Request = {},
): Promise<Answer<T>> {
  const route = byAction.get(action);
  if (route === undefined) throw new Error(`the admin API has no action ${action}`);
  const filled = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(path[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return callGate<T>({
    method: route.method,
    path: `${protectedTrees['admin-session']}${filled}${search === '' ? '' : `?${search}`}`,
    body,
    expectedVersion,
  });
}
