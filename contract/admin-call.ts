import { type AdminAction, type AdminRoute, adminApi, type PathOf, type RequestOf } from './admin-api.ts';
import { protectedTrees } from './routes.ts';

/** A call of the admin API as an HTTP request. */
export interface AdminHttpCall {
  readonly method: AdminRoute['method'];
  /** Path below the address of the gate. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/**
 * The HTTP request that every client sends for an action. `request` has the path parameters and the members of the
 * query or body.
 */
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

/** Marks a deliberate change: a form on a page of another site cannot send this header. */
export const CHANGE_HEADERS = { 'X-Requested-With': 'widget-gate' };
