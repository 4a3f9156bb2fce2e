import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFaults } from '#local/faults.ts';
import type { Host } from '#local/host.ts';
import type { AwsUser } from '../support/admin.ts';
import { type Administer, type Administered, administratorAt, administratorOf } from '../support/administer.ts';

/** What the admin API answers: a shop without its sealed keys, or why not. */
export type AdminAnswer = Administered;

/** How a run reaches a gate: calls and administration by HTTP, the faults as its operator. */
export interface GateAccess {
  readonly baseUrl: string;
  readonly administer: Administer;
  setFaults(spec: string): Promise<void>;
}

export const accessOfHost = (host: Host): GateAccess => ({
  baseUrl: host.baseUrl,
  administer: administratorOf(host),
  setFaults: async (spec) => host.setFaults(parseFaults(spec)),
});

/** The access of a gate in another process: its admin API and its control endpoint. */
export function accessOfDataDirectory(directory: string, admin: AwsUser): GateAccess {
  const { address, secret, baseUrl } = JSON.parse(readFileSync(join(directory, 'control.json'), 'utf8')) as {
    address: string;
    secret: string;
    baseUrl: string;
  };
  return {
    baseUrl,
    administer: administratorAt(baseUrl, admin),
    setFaults: async (faults) => {
      const response = await fetch(`${address}/faults`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ faults }),
      });
      if (!response.ok) throw new Error(`the faults were answered ${response.status}`);
    },
  };
}
