import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCalledByShops, loadStage } from '#bin/start/stage.ts';
import { parseFaults } from '#local/faults.ts';
import { type Host, startHost } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';
import { synthesize } from '#local/synthesize.ts';
import type { AwsUser } from '../support/admin.ts';
import { type LocalProcess, startLocal } from '../support/local-process.ts';
import { accessOfDataDirectory, accessOfHost } from './gate-access.ts';
import type { Random } from './random.ts';
import { World } from './world.ts';

let loading: Promise<Deployment> | undefined;

/** The dev stage, synthesized once for a whole run. */
function devStage(): Promise<Deployment> {
  loading ??= synthesize('dev').then(loadStage);
  return loading;
}

/** A directory that goes when this process does. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'widget-gate-chaos-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface HostedWorld {
  readonly world: World;
  readonly host: Host;
  readonly deployment: Deployment;
  close(): Promise<void>;
}

export interface HostedOptions {
  readonly shops?: number;
  readonly dataDirectory?: string;
  /** The world before, on whose data directory this one goes on. */
  readonly before?: World;
  /** What goes wrong from the start. */
  readonly faults?: string;
}

/** A gate in this process; its shops are older than any call. */
export async function startHosted(
  random: Random,
  { shops = 0, dataDirectory, before, faults = '' }: HostedOptions = {},
): Promise<HostedWorld> {
  const deployment = await devStage();
  const host = await startHost({
    isWarm: isCalledByShops,
    deployment,
    port: 0,
    dataDirectory,
    faults: parseFaults(faults),
    log: () => undefined,
  });
  const world = new World(accessOfHost(host), random, before?.oracle, before?.shopIds);
  await world.createShops(shops);
  return { world, host, deployment, close: () => host.close() };
}

/** Runs something in a gate of this process, and closes it whatever happens. */
export async function inHosted<Value>(
  random: Random,
  options: HostedOptions,
  run: (hosted: HostedWorld) => Promise<Value>,
): Promise<Value> {
  const hosted = await startHosted(random, options);
  try {
    return await run(hosted);
  } finally {
    await hosted.close();
  }
}

export interface ChildWorld {
  readonly world: World;
  readonly child: LocalProcess;
  readonly directory: string;
  readonly admin: AwsUser;
}

/** A gate in a process of its own, started as `npm start` does; the caller that starts it ends it. */
export async function startChild(random: Random, directory: string, shops: number): Promise<ChildWorld> {
  const child = await startLocal('--data-dir', directory);
  const admin = child.announcement.admin as AwsUser;
  const world = new World(accessOfDataDirectory(directory, admin), random);
  await world.createShops(shops);
  return { world, child, directory, admin };
}
