import type { Host } from '#local/host.ts';
import { listen } from '#local/listen.ts';
import type { Deployment } from '#local/model.ts';
import { GateClient } from './gate-client.ts';
import { StorefrontServer } from './storefront.ts';
import { allowsDemo, seedStorefront, withUpstream } from './storefront-seed.ts';
import { startDemoUpstream } from './upstream.ts';

/** The storefront and the API behind the gate, as `npm start` shows them. */
export interface Demo {
  /** Another site than the gate's for a browser, which has that at 127.0.0.1. */
  readonly url: string;
  /** What the gate is to run. */
  readonly deployment: Deployment;
  /** Registers the storefront as a shop and lets it answer. */
  open(host: Host, place: { readonly dataDirectory: string | undefined; readonly stage: string }): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the demo before the gate, which then knows its API; undefined for a stage that rejects pages of this machine.
 * Throws `PortInUseError`.
 */
export async function startDemo(deployment: Deployment, port: number): Promise<Demo | undefined> {
  if (!allowsDemo(deployment)) return undefined;
  const storefront = new StorefrontServer();
  const url = `http://localhost:${await listen(storefront.server, port, '--port or --demo-port')}`;
  const upstream = await startDemoUpstream(url);
  return {
    url,
    deployment: withUpstream(deployment, upstream.url),
    async open(host, place) {
      const secrets = await seedStorefront(place, host, url);
      storefront.open({ gate: new GateClient(host.baseUrl, secrets), gateUrl: host.baseUrl });
    },
    close: async () => {
      await Promise.all([storefront.close(), upstream.close()]);
    },
  };
}
