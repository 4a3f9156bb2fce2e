import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { environment } from '#contract/environment.ts';
import { ringKeyOf } from '#lambda/crypto/jwe.ts';
import { deriveSealingKeys } from '#lambda/ring/ring.ts';
import type { ShopKey } from '#lambda/shops/shop.ts';
import { openShopKey, SHOP_KEY_PURPOSE } from '#lambda/shops/shop-key-sealing.ts';
import { environmentOf, functionNamed } from '#test/rigs/bench-gate.ts';
import { Callers, callAll } from '../callers.ts';
import { type HostedWorld, inHosted } from '../gates.ts';
import type { Random } from '../random.ts';
import { everyGoodCall } from '../recovery.ts';
import { mustHold, type Row, rowOf } from '../report.ts';
import { ringOf, ringVersionsOf } from '../ring-secret.ts';
import { shopItemsOf } from '../shop-items.ts';

const MAX_DELAY_MILLISECONDS = 300;

/** The rotation function killed again and again, each time taken up as Secrets Manager does: every shop's key opens after every kill. */
export const rotationKilled = (random: Random, { kills = 100, shops = 24 } = {}): Promise<Row[]> =>
  inHosted(random, { shops }, async (hosted) => {
    const { world } = hosted;
    const callers = new Callers(world, { callers: 1 });
    let versionId: string = randomUUID();
    let [killed, unopened] = [0, 0];
    while (killed < kills) {
      const ended = await rotate(hosted, versionId, random.below(MAX_DELAY_MILLISECONDS));
      // One that came to its end before the kill makes room for the next rotation.
      if (ended === 'done') versionId = randomUUID();
      else killed += 1;
      unopened += (await inspectShops(hosted)).unopened;
    }
    const last = await rotate(hosted, versionId, undefined);
    const { sealWith, sealedWith, unopened: unopenedAtLast } = await inspectShops(hosted);
    const observations = [...(await callers.stop()), ...(await callAll(world, everyGoodCall(world), 1))];
    return [
      mustHold(rowOf(`ring rotation killed ${kills} times`, world, observations), {
        'every shop opens at every check': () => unopened + unopenedAtLast === 0,
        'a whole rotation gets through afterwards': () => last === 'done',
        'afterwards all is sealed with the newest key': () => sealedWith.size === 1 && sealedWith.has(sealWith),
      }),
    ];
  });

/** Runs one rotation in a process of its own, and kills it so long after its handler began. */
function rotate(hosted: HostedWorld, versionId: string, killAfter: number | undefined): Promise<'done' | 'killed'> {
  const rotation = functionNamed(hosted, 'RingRotation');
  const env = environmentOf(hosted, rotation);
  const args = [rotation.assetDirectory, env[environment.ringSecret] as string, versionId, 'skip'];
  const child = spawn(process.execPath, [join(import.meta.dirname, '../rotation-child.ts'), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.startsWith('begun') && killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve, reject) =>
    child.once('close', (code, signal) => {
      if (code === 0) resolve('done');
      else if (signal === 'SIGKILL') resolve('killed');
      else reject(new Error(`the rotation ended with ${code}: ${said}`));
    }),
  );
}

/** Opens every key of every shop with the ring as it is now, past all caches. */
async function inspectShops(
  hosted: HostedWorld,
): Promise<{ unopened: number; sealWith: string; sealedWith: ReadonlySet<string | undefined> }> {
  const { read, deployment } = shopItemsOf(hosted);
  const ring = ringOf((await ringVersionsOf(hosted).readCurrent()).text);
  const keys = deriveSealingKeys(ring, SHOP_KEY_PURPOSE, deployment);
  const sealedWith = new Set<string | undefined>();
  let unopened = 0;
  for (const shopId of hosted.world.shopIds) {
    for (const key of (await read(shopId)).keys as unknown as ShopKey[]) {
      sealedWith.add(ringKeyOf(key.sealed));
      if (!openShopKey(key, keys, { deployment, shopId, keyId: key.keyId }).ok) unopened += 1;
    }
  }
  return { unopened, sealWith: ring.sealWith, sealedWith };
}
