import type { HttpCall } from '#test/support/http.ts';
import { makeToken } from '../tokens.ts';
import {
  analytics,
  type Change,
  dataRouter,
  issue,
  logIn,
  type Made,
  type Probe,
  type Shop,
  type Tools,
  widget,
} from './probes.ts';

export type SetUp = (tools: Tools) => Promise<Change>;

const lives = (name: string, call: Probe['call']): Probe => ({ name, call, before: 200, after: 200 });
const ends = (name: string, call: Probe['call'], after = 401): Probe => ({ name, call, before: 200, after });
const begins = (name: string, call: Probe['call'], before: number): Probe => ({ name, call, before, after: 200 });
const fresh = (name: string, call: Probe['call']): Probe => ({ ...lives(name, call), atOnce: true });
const issuing = (probe: Probe, use: Probe['use'], issued: Probe['issued'] = 'lives'): Probe => ({
  ...probe,
  issued,
  ...(use !== undefined && { use }),
});

/** What strangers send: it is refused, and must not make the gate refuse a key that is made right after. */
const strangers = ({ shopId, apiKey }: Shop): HttpCall[] => [
  issue('shop_of_somebody_else', apiKey),
  widget(makeToken(shopId, Math.floor(Date.now() / 1_000), 'no key of the shop')),
];

/** The new key that a change of a shop made, and a token that it issued. */
async function newKey({ tokenOf }: Tools, { shopId }: Shop, changed: Made): Promise<Probe[]> {
  const call = issue(shopId, String(changed.apiKey));
  return [fresh('issuing with the new key', call), fresh('its token', widget(await tokenOf(call)))];
}

/** A shop with a token, and a change of it. */
const ofShop =
  (
    probes: (shop: Shop, token: string) => readonly Probe[],
    request: Readonly<Record<string, unknown>>,
    {
      first,
      makesKey = false,
    }: { readonly first?: Readonly<Record<string, unknown>>; readonly makesKey?: boolean } = {},
  ): SetUp =>
  async (tools) => {
    const shop = await tools.shop();
    const token = await tools.tokenOf(issue(shop.shopId, shop.apiKey));
    if (first !== undefined) await tools.admin({ ...first, shopId: shop.shopId });
    return {
      probes: probes(shop, token),
      make: async () => {
        if (makesKey) await tools.refused(strangers(shop));
        const changed = await tools.admin({ ...request, shopId: shop.shopId });
        return makesKey ? newKey(tools, shop, changed) : [];
      },
    };
  };

/** A rotation in its overlap, and its end. */
const ofRotation =
  (action: 'retire-key' | 'undo-rotation'): SetUp =>
  async (tools) => {
    const shop = await tools.shop();
    const old = issue(shop.shopId, shop.apiKey);
    const oldToken = await tools.tokenOf(old);
    const rotated = await tools.admin({ action: 'rotate-key', shopId: shop.shopId, overlapSeconds: 3_600 });
    const successor = issue(shop.shopId, String(rotated.apiKey));
    const newToken = await tools.tokenOf(successor);
    const [ended, kept] = action === 'retire-key' ? [old, successor] : [successor, old];
    return {
      probes: [
        issuing(ends('issuing with the key that ends', ended), widget),
        lives('issuing with the key that stays', kept),
        lives('a token of the old key', widget(oldToken)),
        lives('a token of the new key', widget(newToken)),
      ],
      make: async () => {
        await tools.admin({ action, shopId: shop.shopId });
        return [];
      },
    };
  };

/** A user of an app of a client, and what ends their tokens. */
const ofSubject =
  (kind: 'user' | 'app' | 'client'): SetUp =>
  async (tools) => {
    const { apiKey } = await tools.serviceKey();
    const id = `bound-${kind}`;
    const named = { user: { userid: id }, app: { appid: id }, client: { clientid: id } }[kind];
    const [theirs, others] = await Promise.all([
      tools.tokenOf(logIn(apiKey, named)),
      tools.tokenOf(logIn(apiKey, { userid: 'bystander', appid: 'other' })),
    ]);
    return {
      probes: [
        ends('their token', analytics(theirs)),
        issuing(lives('logging in as them', logIn(apiKey, named)), analytics),
        lives("a bystander's token", analytics(others)),
      ],
      make: async () => {
        await tools.admin({ action: 'revoke-subject', kind, id });
        return [];
      },
    };
  };

/** An analytics key with a token, and a change of it. */
const ofAnalyticsKey =
  (
    probes: (login: Probe['call'], token: string) => readonly Probe[],
    request: Readonly<Record<string, unknown>>,
  ): SetUp =>
  async (tools) => {
    const { keyId, apiKey } = await tools.serviceKey();
    const login = logIn(apiKey, {});
    const token = await tools.tokenOf(login);
    return {
      probes: probes(login, token),
      make: async () => {
        const changed = await tools.admin({ ...request, keyId });
        if (changed.apiKey === undefined) return [];
        const next = logIn(String(changed.apiKey), {});
        return [fresh('logging in with the successor', next), fresh('its token', analytics(await tools.tokenOf(next)))];
      },
    };
  };

const switched = (name: string, value: boolean) => ({ action: 'set-switches', switches: { [name]: value } });
const MORE = 'https://more.example.com';

/** Every change of a record that a function keeps in memory, by what administrators call it. */
export const boundChanges: Readonly<Record<string, SetUp>> = {
  "rotate a shop's key without an overlap": ofShop(
    ({ shopId, apiKey }, token) => [
      issuing(ends('issuing with the old key', issue(shopId, apiKey)), widget),
      lives('a token of the old key', widget(token)),
    ],
    { action: 'rotate-key', overlapSeconds: 0 },
    { makesKey: true },
  ),
  'retire the old key': ofRotation('retire-key'),
  'undo a rotation': ofRotation('undo-rotation'),
  "reset a shop's keys": ofShop(
    ({ shopId, apiKey }, token) => [
      issuing(ends('issuing with the old key', issue(shopId, apiKey)), widget, 'ends'),
      ends('a token of the old key', widget(token)),
    ],
    { action: 'reset-keys' },
    { makesKey: true },
  ),
  "revoke a shop's tokens": ofShop(
    ({ shopId, apiKey }, token) => [
      ends('a token from before', widget(token)),
      issuing(lives('issuing', issue(shopId, apiKey)), widget),
    ],
    { action: 'revoke-tokens' },
  ),
  'undo that revocation': ofShop(
    (_shop, token) => [begins('a token from before', widget(token), 401)],
    { action: 'undo-revoke-tokens' },
    { first: { action: 'revoke-tokens' } },
  ),
  'disable a shop': ofShop(
    ({ shopId, apiKey }, token) => [
      ends('a token', widget(token), 403),
      issuing(ends('issuing', issue(shopId, apiKey), 403), undefined),
    ],
    switched('disabled', true),
  ),
  'enable a shop': ofShop(
    ({ shopId, apiKey }, token) => [
      begins('a token', widget(token), 403),
      begins('issuing', issue(shopId, apiKey), 403),
    ],
    switched('disabled', false),
    { first: switched('disabled', true) },
  ),
  'pause issuing': ofShop(
    ({ shopId, apiKey }, token) => [ends('issuing', issue(shopId, apiKey), 403), lives('a token', widget(token))],
    switched('issuingPaused', true),
  ),
  'add an origin': ofShop(
    ({ origin }, token) => [
      begins('a page there', widget(token, MORE), 403),
      lives('a page of the shop', widget(token, origin)),
    ],
    { action: 'add-origins', origins: [MORE] },
  ),
  'remove an origin': ofShop(
    ({ origin }, token) => [
      ends('a page there', widget(token, MORE), 403),
      lives('a page of the shop', widget(token, origin)),
    ],
    { action: 'remove-origins', origins: [MORE] },
    { first: { action: 'add-origins', origins: [MORE] } },
  ),
  'revoke a user': ofSubject('user'),
  'revoke an app': ofSubject('app'),
  'revoke a client': ofSubject('client'),
  'rotate an analytics key without an overlap': ofAnalyticsKey(
    (login, token) => [
      issuing(ends('logging in with the old key', login), analytics),
      lives('a token of the old key', analytics(token)),
    ],
    { action: 'rotate-service-key', overlapSeconds: 0 },
  ),
  'revoke an analytics key': ofAnalyticsKey(
    (login, token) => [issuing(ends('logging in', login), analytics, 'ends'), ends('a token', analytics(token))],
    { action: 'revoke-service-key' },
  ),
  'revoke the tokens of an analytics key': ofAnalyticsKey(
    (login, token) => [ends('a token from before', analytics(token)), issuing(lives('logging in', login), analytics)],
    { action: 'revoke-service-key-tokens' },
  ),
  'revoke a data-router key': async (tools) => {
    const { keyId, apiKey } = await tools.serviceKey({ purpose: 'data-router' });
    return {
      probes: [ends('a call', dataRouter(apiKey))],
      make: async () => {
        await tools.admin({ action: 'revoke-service-key', keyId });
        return [];
      },
    };
  },
};
