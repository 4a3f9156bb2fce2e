import { limits } from '../lambda/contract/limits.ts';
import { auditPages, auditTable, FILTER_USAGE, FILTERS, filtersOf, readAudit } from './audit-entries.ts';
import { auditTail } from './audit-tail.ts';
import type { Command } from './command.ts';
import { visible } from './visible.ts';

const list: Command = {
  words: 'audit list',
  operands: [],
  options: [...FILTERS, 'limit', 'cursor'],
  usage: `${FILTER_USAGE} [--limit N] [--cursor C]`,
  summary: 'show who did what, newest first (default: the last 30 days); refused calls are under --shop refused/S',
  async run({ options, gate }) {
    const limit = options.number('limit', 1, limits.maxAuditEntriesPerPage);
    const cursor = options.text('cursor');
    const query = {
      ...filtersOf(options),
      ...(limit !== undefined && { limit: String(limit) }),
      ...(cursor !== undefined && { cursor }),
    };
    const page = await readAudit(gate, query);
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
  summary: 'print all that "audit list" would show, page after page, as one JSON object a line',
  async run({ options, gate, output }) {
    const query = { ...filtersOf(options), limit: String(limits.maxAuditEntriesPerPage) };
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
