import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type AdminAction, type AdminRoute, adminRoutes } from '../contract/admin-routes.ts';

export interface MatchedAdminRoute {
  readonly action: AdminAction;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const compiled = adminRoutes.map((route: AdminRoute & { readonly action: AdminAction }) => ({
  method: route.method,
  action: route.action,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]{1,64})')}$`),
}));

/** What a call asks for; undefined when there is no such route. Paths are matched as sent: what is encoded matches nothing. */
export function matchAdminRoute({ httpMethod, pathParameters }: APIGatewayProxyEvent): MatchedAdminRoute | undefined {
  // Not the event's path, which a custom domain may begin with a base path of its own.
  const path = `/${pathParameters?.proxy ?? ''}`;
  for (const { method, action, pattern } of compiled) {
    const match = method === httpMethod ? pattern.exec(path) : null;
    if (match !== null) return { action, pathParameters: { ...match.groups } };
  }
  return undefined;
}
