import { setTimeout } from 'node:timers/promises';
import { Callers, callAll } from '../callers.ts';
import { goodCall, unknownShop } from '../calls.ts';
import { type HostedWorld, inHosted, startChild, temporaryDirectory } from '../gates.ts';
import { residentMegabytes } from '../memory.ts';
import type { Random } from '../random.ts';
import { allServed, mustHold, type Row, rowOf } from '../report.ts';

const ALL_SERVED = { 'all that the model allows is served': allServed };
/** How many environments of a function the local host runs at most; each has memory of its own. */
const ENVIRONMENTS = 4;
/** A record's life in a cache at its longest. */
const RECORD_LIFE_MILLISECONDS = 5_500;

/** A crowd arrives at once at functions that have read nothing. */
export const firstRequests = (random: Random, { requests = 1_000 } = {}): Promise<Row[]> =>
  inHosted(random, { shops: 1 }, async (hosted) => {
    const { world, host } = hosted;
    const calls = Array.from({ length: requests }, () => goodCall(world, world.shopIds[0] as string));
    const observations = await callAll(world, calls, requests);
    const principalArn = authorizerPrincipal(hosted);
    const ringReads = host.aws.calls.count({ action: 'secretsmanager:GetSecretValue', principalArn });
    const itemReads = host.aws.calls.count({ action: 'dynamodb:GetItem', principalArn });
    const counted = `${requests} parallel first requests: ${ringReads} reads of the ring, ${itemReads} of the shop`;
    return [
      mustHold(rowOf(counted, world, observations), {
        ...ALL_SERVED,
        'each environment reads the ring once': () => ringReads >= 1 && ringReads <= ENVIRONMENTS,
        'each environment reads the shop once': () => itemReads >= 1 && itemReads <= ENVIRONMENTS,
      }),
    ];
  });

/** As the stand-ins name the authorizer's session. */
function authorizerPrincipal({ host }: HostedWorld): string {
  const found = host.aws.calls.list().find(({ principalArn }) => principalArn.includes('WidgetAuthorizer'));
  if (found === undefined) throw new Error('the authorizer made no call');
  return found.principalArn;
}

/** Many records that were read together are over together, and all are asked for. */
export const recordsExpireTogether = (
  random: Random,
  { shops = 2_000, lifeMilliseconds = RECORD_LIFE_MILLISECONDS } = {},
): Promise<Row[]> =>
  inHosted(random, { shops }, async ({ world }) => {
    const everyShop = () => world.shopIds.map((shopId) => goodCall(world, shopId));
    await callAll(world, everyShop(), 16);
    await setTimeout(lifeMilliseconds);
    const observations = await callAll(world, everyShop(), 64);
    return [mustHold(rowOf(`${shops} records expire together`, world, observations), ALL_SERVED)];
  });

/** Well-formed tokens of shops that don't exist, each another one: no memory grows with them, and nobody else is harmed. */
export async function unknownShopFlood(
  random: Random,
  { tokens = 20_000, maxGrowthMegabytes = 96 } = {},
): Promise<Row[]> {
  const { world, child } = await startChild(random, temporaryDirectory(), 10);
  try {
    const flood = (from: number, count: number) =>
      callAll(
        world,
        Array.from({ length: count }, (_, at) => unknownShop(from + at, world.oracle.nowSeconds())),
        24,
      );
    const callers = new Callers(world, { callers: 2 });
    // Caches are full and heaps have grown to what they need before the measure begins.
    const filled = await flood(0, tokens / 4);
    const before = residentMegabytes(child.pid);
    const flooded = await flood(tokens, tokens);
    const after = residentMegabytes(child.pid);
    const fault = `flood of ${tokens} unknown shops: ${before} MB before, ${after} MB after`;
    const observations = [...filled, ...flooded, ...(await callers.stop())];
    return [
      mustHold(rowOf(fault, world, observations), {
        ...ALL_SERVED,
        [`memory grows by ${maxGrowthMegabytes} MB at most`]: () => after - before <= maxGrowthMegabytes,
      }),
    ];
  } finally {
    await child.end('SIGTERM');
  }
}
