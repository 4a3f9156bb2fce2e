import { type AdminAction, type AdminRoute, adminRoutes } from '../lambda/contract/admin-routes.ts';
import { protectedTrees } from '../lambda/contract/routes.ts';
import { type CliFailure, refused } from './failure.ts';
import { refusalOf, repeatWhileBusy } from './gate-call.ts';
import { callHttp, type HttpAnswer } from './http-call.ts';
import { findSession } from './sessions.ts';
import type { AdminGate, AdminRequest } from './transport.ts';

/** Says that a change is meant: no form of a foreign page can send it. */
export const CHANGE_HEADERS = { 'X-Requested-With': 'widget-gate' };

const byAction = new Map(adminRoutes.map((route) => [route.action, route] as const));

/** The admin API of a gate; which one it is, is asked when it is first needed. */
export function adminGate(findBaseUrl: () => string): AdminGate {
  let found: string | undefined;
  const baseUrl = (): string => {
    found ??= findBaseUrl();
    return found;
  };
  return {
    get baseUrl() {
      return baseUrl();
    },
    async ask(action, request = {}) {
      const session = findSession(baseUrl());
      if (session === undefined) throw notLoggedIn(baseUrl());
      const answer = await repeatWhileBusy(() => callAdmin(baseUrl(), action, request, session.cookie));
      if (answer.status >= 200 && answer.status < 300) return answer.json;
      throw answer.json.code === 'unauthorized' ? notLoggedIn(baseUrl()) : refusalOf(answer, baseUrl());
    },
  };
}

/** One call of the admin API. */
export function callAdmin(
  baseUrl: string,
  action: AdminAction,
  { path = {}, query = {}, body, expectedVersion }: AdminRequest,
  cookie: string | undefined,
): Promise<HttpAnswer> {
  const route = byAction.get(action) as AdminRoute;
  const filled = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(path[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  const headers = {
    ...(cookie !== undefined && { Cookie: cookie }),
    ...(route.method !== 'GET' && CHANGE_HEADERS),
    ...(expectedVersion !== undefined && { 'If-Match': `"${expectedVersion}"` }),
  };
  const url = `${baseUrl}${protectedTrees['admin-session']}${filled}${search === '' ? '' : `?${search}`}`;
  return callHttp(url, { method: route.method, headers, ...(body !== undefined && { body }) });
}

const notLoggedIn = (baseUrl: string): CliFailure =>
  refused('unauthorized', `There is no live session at ${baseUrl}; log in first: widget-gate login --user NAME.`);
