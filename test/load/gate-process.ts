import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answers, Command, Ready, Reply, Shop } from './commands.ts';

/** A gate in a process of its own, without the template's throttles. */
export interface LoadGate {
  readonly baseUrl: string;
  readonly shop: Shop;
  /** Rejects when the gate could not do it. */
  ask<Asked extends Command>(command: Asked): Promise<Answers[Asked['kind']]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts it as the bench does and waits until it can be called. The process ends by itself when this one does. */
export async function startLoadGate(): Promise<LoadGate> {
  const script = join(import.meta.dirname, 'gate-server.ts');
  const child = spawn(process.execPath, ['--max-semi-space-size=8', script], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const ready = once(child, 'message').then(([message]) => message as Ready);
  const first = await Promise.race([ready, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`the gate ended with ${child.exitCode}`);
  return {
    ...first,
    ask: channelTo(child),
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function channelTo(child: ChildProcess): LoadGate['ask'] {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  child.on('message', ({ id, value, error }: Reply) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(value);
    else asker?.reject(new Error(error));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the gate ended with ${code}`));
  });
  return <Asked extends Command>(command: Asked) =>
    new Promise<Answers[Asked['kind']]>((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve: (value) => resolve(value as Answers[Asked['kind']]), reject });
      child.send({ id: lastId, command });
    });
}
