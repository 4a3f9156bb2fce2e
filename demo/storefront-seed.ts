import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '#contract/environment.ts';
import type { Host } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';
import { writeAtomically } from '#local/write-atomically.ts';
import { type AskAdmin, asSeedingUser } from './seeding.ts';

/** What the demo storefront, a customer's server, keeps as a customer would: for itself alone. */
export interface StorefrontSecrets {
  readonly origin: string;
  readonly shopId: string;
  readonly apiKey: string;
  readonly revokedApiKey: string;
  readonly analyticsKey: string;
}

/** Whether the demo may run: in production no page of a loopback address may call, and a key that is `live` is not for trying things out. */
export const allowsDemo = ({ functions }: Deployment): boolean =>
  functions.every((each) => each.environment[environment.keyEnvironment] !== 'live');

/** The deployment with the demo's API behind it, wherever the stage names none of its own. */
export function withUpstream(deployment: Deployment, upstreamUrl: string): Deployment {
  const missing = new Map([
    [/^WidgetEndpoint/, environment.upstreamUrl],
    [/^AnalyticsEndpoint/, environment.analyticsUpstreamUrl],
  ]);
  const functions = deployment.functions.map((each) => {
    const name = [...missing].find(([endpoint]) => endpoint.test(each.logicalId))?.[1];
    return name === undefined ? each : { ...each, environment: { [name]: upstreamUrl, ...each.environment } };
  });
  return { ...deployment, functions };
}

/** Registers the storefront at its origin, once per data directory and stage, through the admin API like any administrator. */
export async function seedStorefront(
  { dataDirectory, stage }: { readonly dataDirectory: string | undefined; readonly stage: string },
  host: Host,
  origin: string,
): Promise<StorefrontSecrets> {
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, `demo-storefront-${stage}.json`);
  const kept =
    file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StorefrontSecrets) : undefined;
  if (kept?.origin === origin) return kept;
  let made: StorefrontSecrets | undefined;
  await asSeedingUser(host, async (ask) => {
    made = await register(ask, origin);
  });
  if (made === undefined) throw new Error('the demo storefront could not be registered');
  if (file !== undefined) writeAtomically(file, JSON.stringify(made));
  return made;
}

async function register(ask: AskAdmin, origin: string): Promise<StorefrontSecrets> {
  const shop = await ask('create-shop', { url: origin });
  const reset = await ask('reset-keys', { shopId: shop.shopId });
  const analytics = await ask('add-service-key', {
    purpose: 'analytics',
    label: 'storefront',
    allowedOrigins: [origin],
  });
  return {
    origin,
    shopId: shop.shopId,
    apiKey: reset.apiKey,
    revokedApiKey: shop.apiKey ?? '',
    analyticsKey: analytics.apiKey,
  };
}
