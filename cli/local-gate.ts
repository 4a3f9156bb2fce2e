import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalGate } from './admin-gate.ts';
import { notReachable, refused } from './failure.ts';
import { callHttp, type HttpAnswer } from './http-call.ts';

/** The address and secret of a local host's control endpoint. */
interface ControlFile {
  readonly address: string;
  readonly secret: string;
  readonly baseUrl: string;
  readonly stage?: string;
}

/** The gate that runs on a data directory. It is looked for at the first call, after the command line proved valid. */
export function localGate(dataDirectory: string): LocalGate {
  let found: ControlFile | undefined;
  const find = (): ControlFile => {
    found ??= readControlFile(join(dataDirectory, 'control.json'));
    return found;
  };
  const call = async (method: string, path: string, body?: object): Promise<HttpAnswer['json']> => {
    const { address, secret } = find();
    const headers = { Authorization: `Bearer ${secret}` };
    const answer = await callHttp(address + path, { method, headers, ...(body !== undefined && { body }) });
    if (answer.status === 200) return answer.json;
    throw failureOf(answer);
  };
  return {
    get baseUrl() {
      return find().baseUrl;
    },
    get stage() {
      return find().stage ?? 'dev';
    },
    faults: async () => String((await call('GET', '/faults')).faults),
    setFaults: async (faults) => String((await call('PUT', '/faults', { faults })).faults),
    dropOldRingKeys: async () => void (await call('POST', '/ring/drop-old')),
    rotateRing: async () => void (await call('POST', '/ring/rotate')),
    rotateSigningKeys: async () => void (await call('POST', '/signing-keys/rotate')),
    dropOldSigningKeys: async () => void (await call('POST', '/signing-keys/drop-old')),
    iam: (request) => call('POST', '/iam', request),
  };
}

function readControlFile(file: string): ControlFile {
  try {
    const { address, secret, baseUrl, stage } = JSON.parse(readFileSync(file, 'utf8')) as ControlFile;
    const local = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;
    if (local.test(address) && local.test(baseUrl) && /^[\w-]{43}$/.test(secret))
      return { address, secret, baseUrl, ...(stage !== undefined && { stage: String(stage) }) };
  } catch {
    // Reported below, like a file that is not a control file.
  }
  throw notReachable(
    `No gate runs here (no ${file}): specify a gate with --url or WIDGET_GATE_URL, or start one in a checkout with "npm start"; --data-dir specifies its folder.`,
  );
}

function failureOf({ status, json }: HttpAnswer): Error {
  const message = String(json.message ?? `status ${status}`);
  if (status === 401 || status === 403)
    return notReachable(
      `The server at this address is not the gate of this data directory (${message}): start the gate again.`,
    );
  if (json.code === 'invocation_failed')
    return refused('invocation_failed', `The gate failed; try again later and check its log: ${message}`);
  return refused(String(json.code ?? 'failed'), message);
}
