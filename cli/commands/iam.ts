import type { Answer } from '../admin-gate.ts';
import type { Command, Report } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { exportLine, visible } from '../output.ts';
import { table } from '../table.ts';

interface LocalUser {
  readonly userName: string;
  readonly userId: string;
  readonly isAdministrator: boolean;
}

const listUsers: Command = {
  words: 'iam users',
  operands: [],
  options: [],
  isLocal: true,
  summary: "list the IAM users of the local gate, and show which are in the administrators' group",
  async run({ local }) {
    const answer = await local.iam({ action: 'list' });
    const rows = (answer.users as LocalUser[]).map(({ userName, userId, isAdministrator }) => [
      userName,
      userId,
      isAdministrator ? String(answer.group) : '',
    ]);
    return { json: { ok: true, ...answer }, text: table([['USER', 'ID', 'GROUP'], ...rows]) };
  },
};

/** A command for one user of the local gate. */
const onUser = (words: string, summary: string, actions: readonly string[], report: ReportOn): Command => ({
  words,
  operands: ['<name>'],
  options: [],
  isLocal: true,
  summary,
  async run({ operands: [userName], local }) {
    if (!/^[\w+=,.@-]{1,64}$/.test(userName))
      throw wrongUsage('An IAM user name consists of letters, digits and +=,.@_-');
    let answer: Answer = {};
    for (const action of actions) answer = { ...answer, ...(await local.iam({ action, userName })) };
    return { json: { ok: true, ...answer }, text: report(answer, userName) };
  },
});

type ReportOn = (answer: Answer, userName: string) => Report['text'];

const reportKey: ReportOn = ({ accessKeyId, secretAccessKey }, userName) =>
  `  ${exportLine([
    ['AWS_ACCESS_KEY_ID', String(accessKeyId)],
    ['AWS_SECRET_ACCESS_KEY', String(secretAccessKey)],
  ])}
  bin/widget-gate.js login --user ${userName}

The secret access key is not shown again.`;

export const iam: readonly Command[] = [
  listUsers,
  onUser(
    'iam add-user',
    'create an IAM user at the local gate and print its access key once; on AWS: aws iam create-user',
    ['create-user', 'create-key'],
    reportKey,
  ),
  onUser('iam add-key', 'create another access key for a user and print it once', ['create-key'], reportKey),
  onUser(
    'iam remove-user',
    'delete a user and its access keys',
    ['delete-user'],
    (_answer, name) => `${name} is deleted.`,
  ),
  onUser(
    'iam add-to-group',
    'make a user an administrator of the local gate; on AWS: aws iam add-user-to-group',
    ['add-to-group'],
    ({ group }, name) => `${name} is in ${visible(String(group))}.`,
  ),
  onUser(
    'iam remove-from-group',
    "remove a user from the administrators' group; sessions end within 60 s",
    ['remove-from-group'],
    ({ group }, name) => `${name} is not in ${visible(String(group))}.`,
  ),
];
