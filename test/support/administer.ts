import { type AdminRoute, adminRoutes } from '../../lambda/contract/admin-routes.ts';
import type { Host } from '../../local/host.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from './admin.ts';

/** What the admin API answered, with its code as `reason` where it refused. */
export interface Administered {
  readonly ok: boolean;
  readonly reason?: string;
  readonly [member: string]: unknown;
}

/** Carries out a request of the admin API that is named by its action: `{ action: 'rotate-key', shopId, overlapSeconds: 0 }`. */
export type Administer = (request: Readonly<Record<string, unknown>>) => Promise<Administered>;

/** An administrator of a running host, made for this and logged in when first asked. */
export function administratorOf(host: Host): Administer {
  let client: Promise<AdminClient> | undefined;
  return async (request) => {
    client ??= signIn(host).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return send(await client, request);
  };
}

let administrators = 0;

async function signIn({ baseUrl, aws: { users }, adminGroupName }: Host): Promise<AdminClient> {
  administrators += 1;
  const userName = `administrator-${administrators}`;
  users.create(userName);
  users.addToGroup(userName, adminGroupName);
  const answer = await logIn(baseUrl, { userName, ...users.createAccessKey(userName) });
  if (answer.status !== 200) throw new Error(`the administrator could not log in: ${answer.text}`);
  return adminClient(baseUrl, cookieOf(answer));
}

async function send(
  client: AdminClient,
  { action, expectedVersion, switches, ...members }: Readonly<Record<string, unknown>>,
): Promise<Administered> {
  const route = adminRoutes.find((candidate) => candidate.action === action) as AdminRoute | undefined;
  if (route === undefined) throw new Error(`the admin API has no action ${String(action)}`);
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const path = inPath.reduce((text, name) => text.replace(`{${name}}`, String(members[name])), route.path);
  const body = Object.fromEntries(
    Object.entries({ ...members, ...(switches as object | undefined) }).filter(([name]) => !inPath.includes(name)),
  );
  const { status, json } = await client(`${route.method} ${path}`, {
    ...(route.method !== 'GET' && { body }),
    headers: expectedVersion === undefined ? [] : [['If-Match', `"${String(expectedVersion)}"`]],
  });
  return status < 300 ? { ok: true, ...json } : { ok: false, reason: String(json.code) };
}
