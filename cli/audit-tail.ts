import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEntry, auditLine, auditPages, FILTERS, filtersOf } from './audit-entries.ts';
import type { Command, CommandCall } from './command.ts';
import { wrongUsage } from './failure.ts';

const FIRST_ENTRIES = 20;
const POLL_MILLISECONDS = 2_000;
/** An entry may come to the trail this much later than it is stamped. */
const OVERLAP_MILLISECONDS = 120_000;

/** Shows the trail as it grows, oldest line first. */
export const auditTail: Command = {
  words: 'audit tail',
  operands: [],
  options: [...FILTERS, 'once'],
  usage: '[filters of "audit list"] [--once]',
  summary: 'show the last 20, then what comes, every 2 s, until Ctrl-C; with --json one object a line',
  async run(call) {
    const query = filtersOf(call.options);
    if ('to' in query) throw wrongUsage('"audit tail" goes on from now: leave --to out.');
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    const shown = new Set<string>();
    await show(call, await newest(call, query), shown);
    while (!call.options.flag('once') && (await waits(stop.signal))) await show(call, await recent(call, query), shown);
    return undefined;
  },
};

async function newest({ gate }: CommandCall, query: Readonly<Record<string, string>>): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for await (const entries of auditPages(gate, { ...query, limit: String(FIRST_ENTRIES) })) {
    found.push(...entries);
    if (found.length >= FIRST_ENTRIES) break;
  }
  return found.slice(0, FIRST_ENTRIES);
}

async function recent({ gate }: CommandCall, query: Readonly<Record<string, string>>): Promise<AuditEntry[]> {
  const from = new Date(Date.now() - OVERLAP_MILLISECONDS).toISOString();
  const found: AuditEntry[] = [];
  for await (const entries of auditPages(gate, { ...query, from })) found.push(...entries);
  return found;
}

async function show({ options, output }: CommandCall, newestFirst: AuditEntry[], shown: Set<string>): Promise<void> {
  for (const entry of newestFirst.toReversed()) {
    if (!shown.has(entry.id)) await (options.flag('json') ? output.json(entry) : output.text(auditLine(entry)));
    shown.add(entry.id);
  }
}

/** False when the person ends it. */
const waits = (signal: AbortSignal): Promise<boolean> => sleep(POLL_MILLISECONDS, true, { signal }).catch(() => false);
