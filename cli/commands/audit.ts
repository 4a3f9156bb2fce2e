import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEntryView, RequestOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { auditLine, auditPages, auditTable, FILTER_USAGE, FILTERS, filtersOf } from '../audit-entries.ts';
import type { Command, CommandCall } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { visible } from '../output.ts';

const FIRST_ENTRIES = 20;
const POLL_MILLISECONDS = 2_000;

/** An entry may reach the trail this much later than its timestamp. */
const OVERLAP_MILLISECONDS = 120_000;

/** Shows new entries of the trail as they arrive, oldest first. */
const auditTail: Command = {
  words: 'audit tail',
  operands: [],
  options: [...FILTERS, 'once'],
  usage: '[filters of "audit list"] [--once]',
  summary: 'show the last 20 entries, then new ones every 2 s, until Ctrl-C; with --json one object per line',
  async run(call) {
    const query = filtersOf(call.options);
    if ('to' in query) throw wrongUsage('"audit tail" shows entries as they arrive: omit --to.');
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    const shown = new Set<string>();
    await show(call, await newest(call, query), shown);
    while (!call.options.flag('once') && (await waits(stop.signal))) await show(call, await recent(call, query), shown);
    return undefined;
  },
};

async function newest({ gate }: CommandCall, query: RequestOf<'query-audit'>): Promise<AuditEntryView[]> {
  const found: AuditEntryView[] = [];
  for await (const entries of auditPages(gate, { ...query, limit: FIRST_ENTRIES })) {
    found.push(...entries);
    if (found.length >= FIRST_ENTRIES) break;
  }
  return found.slice(0, FIRST_ENTRIES);
}

async function recent({ gate }: CommandCall, query: RequestOf<'query-audit'>): Promise<AuditEntryView[]> {
  const from = new Date(Date.now() - OVERLAP_MILLISECONDS).toISOString();
  const found: AuditEntryView[] = [];
  for await (const entries of auditPages(gate, { ...query, from })) found.push(...entries);
  return found;
}

async function show(
  { options, output }: CommandCall,
  newestFirst: AuditEntryView[],
  shown: Set<string>,
): Promise<void> {
  for (const entry of newestFirst.toReversed()) {
    if (!shown.has(entry.id)) await (options.flag('json') ? output.json(entry) : output.text(auditLine(entry)));
    shown.add(entry.id);
  }
}

/** False when the user ends it. */
const waits = (signal: AbortSignal): Promise<boolean> => sleep(POLL_MILLISECONDS, true, { signal }).catch(() => false);

const list: Command = {
  words: 'audit list',
  operands: [],
  options: [...FILTERS, 'limit', 'cursor'],
  usage: `${FILTER_USAGE} [--limit N] [--cursor C]`,
  summary: 'show the audit trail, newest first (default: the last 30 days); refused calls are under --shop refused/S',
  async run({ options, gate }) {
    const limit = options.number('limit', 1, limits.maxAuditEntriesPerPage);
    const cursor = options.text('cursor');
    const query = {
      ...filtersOf(options),
      ...(limit !== undefined && { limit }),
      ...(cursor !== undefined && { cursor }),
    };
    const page = await gate.ask('query-audit', query);
    const more = page.cursor === undefined ? '' : `\n\nThere may be more: --cursor ${visible(page.cursor)}`;
    const incomplete =
      page.incomplete === undefined
        ? ''
        : '\n\nIncomplete: some entries have not been written to the trail yet. Try again later.';
    return { json: { ok: true, ...page }, text: auditTable(page.entries) + more + incomplete };
  },
};

const exportAll: Command = {
  words: 'audit export',
  operands: [],
  options: FILTERS,
  usage: FILTER_USAGE,
  summary: 'print all pages of "audit list", as one JSON object per line',
  async run({ options, gate, output }) {
    const query = { ...filtersOf(options), limit: limits.maxAuditEntriesPerPage };
    let count = 0;
    for await (const entries of auditPages(gate, query)) {
      for (const entry of entries) await output.json(entry);
      count += entries.length;
      output.progress(`${count} entries`);
    }
    output.progress();
    return undefined;
  },
};

export const audit: readonly Command[] = [list, auditTail, exportAll];
