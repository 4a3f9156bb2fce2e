import { type AdminAction, type AdminRoute, adminApi, type PathOf, type RequestOf } from './admin-api.ts';
import { protectedTrees } from './routes.ts';

/** A call of the admin API as HTTP. */
export interface AdminHttpCall {
  readonly method: AdminRoute['method'];
  /** Below the address of the gate. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/** What every client sends for an action: `request` has the segments of the path and the members of query or body. */
export function adminCall<A extends AdminAction>(
  action: A,
  request: PathOf<A> & RequestOf<A>,
  expectedVersion?: number,
): AdminHttpCall {
  const { method, path }: AdminRoute = adminApi[action];
  const members = new Map(Object.entries(request).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const segment = encodeURIComponent(String(members.get(name) ?? ''));
    members.delete(name);
    return segment;
  });
  const isRead = method === 'GET';
  const query = isRead
    ? new URLSearchParams([...members].map(([name, value]) => [name, String(value)])).toString()
    : '';
  return {
    method,
    path: `${protectedTrees['admin-session']}${filled}${query === '' ? '' : `?${query}`}`,
    headers: {
      ...(!isRead && CHANGE_HEADERS),
      ...(expectedVersion !== undefined && { 'If-Match': `"${expectedVersion}"` }),
    },
    ...(!isRead && members.size > 0 && { body: Object.fromEntries(members) }),
  };
}

/** Says that a change is meant: no form of a foreign page can send it. */
export const CHANGE_HEADERS = { 'X-Requested-With': 'widget-gate' };
