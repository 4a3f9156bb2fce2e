import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { limits } from '#contract/limits.ts';
import { parseFaults } from '#local/faults.ts';
import { snippetsFor } from '#web/admin/src/snippets/snippets.ts';
import { slowStore } from '../support/bounds.ts';
import { type CounterpartName, requireCounterpart } from '../support/counterparts.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import { type Driver, snippetDrivers } from '../support/snippet-drivers.ts';

const languages: readonly [name: string, file: string, counterpart: CounterpartName | undefined][] = [
  ['curl', 'widget-token.sh', 'curl'],
  ['Node', 'widget-token.mjs', undefined],
  ['PHP', 'public/widget-token.php', 'php'],
  ['Python', 'widget_token.py', 'python3'],
];

let gate: RunningGate;
let folder: string;
/** Is in front of the gate, and counts; it may fail in the gate's place. */
let front: Server;
let asked: string[] = [];
let isDown = false;
beforeAll(async () => {
  gate = await startGate();
  folder = mkdtempSync(join(tmpdir(), 'widget-gate-snippets-'));
  front = createServer(async (request, response) => {
    asked.push(request.url?.endsWith('/inspect') ? 'inspect' : 'issue');
    const body = await bodyOf(request);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
    const own = headers.filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const answer = isDown
      ? { status: 503, text: '{"code":"service_unavailable"}' }
      : await gate.call({ method: request.method ?? '', path: request.url ?? '', headers: own, body });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.text);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
let driver: Driver | undefined;
afterEach(() => {
  driver?.close();
  isDown = false;
  gate.host.setFaults(parseFaults(''));
});
afterAll(async () => {
  front.close();
  rmSync(folder, { recursive: true, force: true });
  await gate.close();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A change, and the time after which it holds everywhere. */
async function change(action: 'revoke-tokens' | 'reset-keys', { shopId }: TestShop): Promise<Record<string, unknown>> {
  const changed = await gate.administer({ action, shopId });
  gate.host.setFaults(slowStore(limits.defaultBoundSeconds));
  return changed as Record<string, unknown>;
}

let shops = 0;
/** A shop, and the piece of it at work in a folder of its own. */
async function start(name: string, file: string, more: object = {}): Promise<{ shop: TestShop; piece: Driver }> {
  shops += 1;
  const shop = await gate.createShop(`https://snippet-${shops}.example.com`, more);
  const home = mkdtempSync(join(folder, 'home-'));
  const path = join(home, 'code', file);
  mkdirSync(dirname(path), { recursive: true });
  const origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const code = snippetsFor({ origin, shopId: shop.shopId }).find((piece) => piece.name === name)?.code ?? '';
  writeFileSync(path, code);
  asked = [];
  driver = snippetDrivers[name]?.(path, home) as Driver;
  return { shop, piece: driver };
}

describe.each(languages)('the %s piece that the console shows', (name, file, counterpart) => {
  beforeEach(() => counterpart !== undefined && requireCounterpart(counterpart));

  test('gives up a token that was revoked, at its next check', async () => {
    const { shop, piece } = await start(name, file);
    const revoked = await piece.token(0, shop.apiKey);
    expect((await gate.session(revoked)).status).toBe(200);
    await change('revoke-tokens', shop);
    const next = await piece.token(2, shop.apiKey);
    expect(next).not.toBe(revoked);
    expect((await gate.session(next)).status).toBe(200);
    expect(asked).toEqual(['issue', 'inspect', 'issue']);
  });

  test('uses no token of an earlier key, at once', async () => {
    const { shop, piece } = await start(name, file);
    const ended = await piece.token(0, shop.apiKey);
    const { apiKey } = await change('reset-keys', shop);
    const next = await piece.token(0, String(apiKey));
    expect(next).not.toBe(ended);
    expect((await gate.session(next)).status).toBe(200);
    expect(asked).toEqual(['issue', 'issue']);
  });

  test('gives up a token of a key that was reset, even if it has no other key yet', async () => {
    const { shop, piece } = await start(name, file);
    await piece.token(0, shop.apiKey);
    await change('reset-keys', shop);
    await expect(piece.token(2, shop.apiKey)).rejects.toThrow(/invalid_api_key/);
  });

  test.each([{}, { requireOrigin: true }])(
    'keeps a good token of a shop made with %j, asking once a minute',
    async (more) => {
      const { shop, piece } = await start(name, file, more);
      const token = await piece.token(0, shop.apiKey);
      for (const minutes of [0, 2, 2, 4]) expect(await piece.token(minutes, shop.apiKey)).toBe(token);
      expect(asked).toEqual(['issue', 'inspect', 'inspect']);
      // A day is over before its last hour.
      expect(await piece.token(23 * 60 + 1, shop.apiKey)).toBeDefined();
      expect(asked.at(-1)).toBe('issue');
    },
  );

  test('keeps its token while the gate does not answer', async () => {
    const { shop, piece } = await start(name, file);
    const token = await piece.token(0, shop.apiKey);
    isDown = true;
    expect(await piece.token(2, shop.apiKey)).toBe(token);
    expect(await piece.token(2, shop.apiKey)).toBe(token);
    expect(asked).toEqual(['issue', 'inspect']);
  });
});
