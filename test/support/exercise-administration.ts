import { adminRoutes } from '#contract/admin-api.ts';
import { parseFaults } from '#local/faults.ts';
import { type AwsUser, adminClient, cookieOf, logIn, openLink } from './admin.ts';
import type { RunningGate } from './gate.ts';

type Request = Readonly<Record<string, unknown>>;

/** Everything that the admin API can do, once, in an order in which all of it can be done; then logins that are refused, and logging out. */
export async function exerciseAdministration(gate: RunningGate): Promise<void> {
  const done = new Set<unknown>();
  const administer = async (request: Request): Promise<Request> => {
    const answer = await gate.administer(request);
    if (!answer.ok) throw new Error(`${JSON.stringify(request)}: ${String(answer.reason)}`);
    done.add(request.action);
    return answer;
  };
  const { shopId } = await administer({ action: 'create-shop', url: 'https://exercise.example.com' });
  await exerciseShop(administer, String(shopId));
  await exerciseServiceKeys(administer);
  await administer({ action: 'revoke-subject', kind: 'user', id: 'u-9' });
  await administer({ action: 'revoke-subject', kind: 'user', id: 'u-9' });
  await administer({ action: 'query-audit' });
  await exerciseQueries(gate, String(shopId));
  const refused = await gate.call({
    method: 'POST',
    path: `/api/shops/${String(shopId)}/widget-token`,
    headers: [['X-Shop-API-Key', gate.shop.apiKey]],
  });
  await administer({ action: 'explain-request', requestId: refused.json.requestId });
  await exerciseLoginLink(gate, await administer({ action: 'create-login-link' }));
  await exerciseFailingTrail(gate, administer);
  for (const action of ['show-session', 'show-status', 'list-shops']) await administer({ action });
  await exerciseDeletion(gate, administer, String(shopId));
  await administer({ action: 'end-session' });
  const missing = adminRoutes.filter(({ action }) => !done.has(action));
  if (missing.length > 0) throw new Error(`not exercised: ${missing.map(({ action }) => action).join()}`);
  await exerciseRefusedLogins(gate);
}

type Administer = (request: Request) => Promise<Request>;

async function exerciseShop(administer: Administer, shopId: string): Promise<void> {
  const origins = ['https://more.example.com'];
  const requests: Request[] = [
    { action: 'show-shop' },
    { action: 'set-switches', switches: { requireOrigin: true } },
    { action: 'rotate-key', overlapSeconds: 3_600 },
    { action: 'retire-key' },
    { action: 'reset-keys' },
    { action: 'revoke-tokens' },
    { action: 'undo-revoke-tokens' },
    { action: 'explain-token', token: 'x' },
    { action: 'add-origins', origins },
    { action: 'test-origin', origin: origins[0] },
    { action: 'remove-origins', origins },
  ];
  for (const request of requests) await administer({ ...request, shopId });
  const { shopId: other } = await administer({ action: 'create-shop', url: 'https://undo.example.com' });
  for (const action of ['rotate-key', 'undo-rotation']) await administer({ action, shopId: other });
}

/** A day after a shop was disabled: in a session of today, so the shop was disabled yesterday. */
async function exerciseDeletion(gate: RunningGate, administer: Administer, shopId: string): Promise<void> {
  gate.host.setFaults(parseFaults('clock:offset=-1441m'));
  await administer({ action: 'set-switches', shopId, switches: { disabled: true } });
  gate.host.setFaults(parseFaults(''));
  // The AWS SDK learns from its first answer that the clock was set.
  await gate.administer({ action: 'show-shop', shopId }).catch(() => undefined);
  await administer({ action: 'delete-shop', shopId });
}

async function exerciseServiceKeys(administer: Administer): Promise<void> {
  const { keyId } = await administer({ action: 'add-service-key', purpose: 'analytics', label: 'exercise' });
  await administer({ action: 'revoke-service-key-tokens', keyId });
  await administer({ action: 'rotate-service-key', keyId });
  await administer({ action: 'list-service-keys' });
  const { keyId: other } = await administer({ action: 'add-service-key', purpose: 'data-router', label: 'exercise' });
  await administer({ action: 'revoke-service-key', keyId: other });
}

/** What takes a query; then, when the session was not used for a while, a call with which it is noted as used. */
async function exerciseQueries(gate: RunningGate, shopId: string): Promise<void> {
  const loggedIn = await logIn(gate.host.baseUrl, gate.createUser('searcher', true));
  const call = adminClient(gate.host.baseUrl, cookieOf(loggedIn));
  const bySubject = await call(`GET /audit?subject=${shopId}`);
  gate.host.setFaults(parseFaults('clock:offset=+2m'));
  const later = await call('GET /session');
  gate.host.setFaults(parseFaults(''));
  if (bySubject.status !== 200 || later.status !== 200) throw new Error(`${bySubject.text} ${later.text}`);
}

/** A link that is opened twice. */
async function exerciseLoginLink({ host: { baseUrl } }: RunningGate, { code }: Request): Promise<void> {
  const opened = await openLink(baseUrl, String(code));
  const again = await openLink(baseUrl, String(code));
  if (opened.status !== 200 || again.status !== 401) throw new Error(`${opened.text} ${again.text}`);
}

/** A link that is made and opened while the trail fails, and the look at the trail that brings both entries there. */
async function exerciseFailingTrail(gate: RunningGate, administer: Administer): Promise<void> {
  gate.host.setFaults(parseFaults('dynamodb/PutItem@Audit:down'));
  const { code } = await administer({ action: 'create-login-link' });
  const opened = await openLink(gate.host.baseUrl, String(code));
  gate.host.setFaults(parseFaults(''));
  if (opened.status !== 200) throw new Error(opened.text);
  await administer({ action: 'query-audit' });
}

/** Who is not in the group, and who does not have the secret access key. */
async function exerciseRefusedLogins(gate: RunningGate): Promise<void> {
  const outsider: AwsUser = gate.createUser('outsider', false);
  const member = gate.createUser('member', true);
  const answers = await Promise.all([
    logIn(gate.host.baseUrl, outsider),
    logIn(gate.host.baseUrl, { ...member, secretAccessKey: outsider.secretAccessKey }),
  ]);
  if (answers.some(({ status }) => status < 400)) throw new Error('a login that should be refused was not');
}
