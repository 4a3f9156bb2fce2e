import { parseFaults } from '#local/faults.ts';
import { type BenchGate, startBenchGate } from '../rigs/bench-gate.ts';
import type { Command, Question, Ready, Reply } from './commands.ts';
import { createShops } from './create-shops.ts';

/** Run as a process of its own: the bench's gate, which does over IPC what an operator or a bad day would do. */
const gate = await startBenchGate();
process.on('message', (question: Question) => void answer(gate, question));
process.once('disconnect', () => void gate.close().then(() => process.exit(0)));
send({ baseUrl: gate.host.baseUrl, shop: { shopId: gate.shop.shopId, apiKey: gate.shop.apiKey } });

function send(message: Ready | Reply): void {
  process.send?.(message);
}

async function answer(on: BenchGate, { id, command }: Question): Promise<void> {
  try {
    send({ id, value: await carryOut(on, command) });
  } catch (error) {
    send({ id, error: String(error) });
  }
}

async function carryOut(on: BenchGate, command: Command): Promise<unknown> {
  switch (command.kind) {
    case 'create-shops':
      return createShops(on, command.count);
    case 'rotate-key':
      return rotateKey(on, command.shopId);
    case 'rotate-ring':
      return on.host.aws.rotateSecret('Ring').then(() => null);
    case 'set-faults':
      on.host.setFaults(parseFaults(command.spec));
      return null;
    case 'memory':
      return process.memoryUsage.rss();
    default:
      return command satisfies never;
  }
}

async function rotateKey({ administer }: BenchGate, shopId: string): Promise<null> {
  const answered = await administer({ action: 'rotate-key', shopId });
  if (!answered.ok) throw new Error(`rotate-key: ${JSON.stringify(answered)}`);
  return null;
}
