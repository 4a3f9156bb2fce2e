import { callAdmin } from './admin-gate.ts';
import type { Command } from './command.ts';
import { refusalOf } from './gate-call.ts';
import { login } from './login.ts';
import { findSession, keepSession } from './sessions.ts';
import { moment, table } from './table.ts';

const logout: Command = {
  words: 'logout',
  operands: [],
  options: [],
  summary: 'end the session, at the gate and here',
  async run({ gate: { baseUrl } }) {
    const session = findSession(baseUrl);
    if (session === undefined) return { json: { ok: true }, text: 'Nobody was logged in.' };
    // Forgotten here first: whatever the gate answers, this machine is logged out.
    keepSession(baseUrl, undefined, Math.floor(Date.now() / 1_000));
    const answer = await callAdmin(baseUrl, 'end-session', {}, session.cookie);
    if (answer.status !== 204 && answer.status !== 401) throw refusalOf(answer, baseUrl);
    return { json: { ok: true }, text: 'Logged out.' };
  },
};

const whoami: Command = {
  words: 'whoami',
  operands: [],
  options: [],
  summary: 'show the logged-in user',
  async run({ gate }) {
    const answer = await gate.ask('show-session');
    const rows = [
      ['gate', gate.baseUrl],
      ['user', String(answer.userName)],
      ['ARN', String(answer.arn)],
      ['since', moment(Number(answer.createdAt))],
    ];
    return { json: { ok: true, baseUrl: gate.baseUrl, ...answer }, text: table(rows) };
  },
};

export const session: readonly Command[] = [login, logout, whoami];
