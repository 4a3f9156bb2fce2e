import { type AdminAction, type AdminRoute, adminRoutes, pathParameters } from '#contract/admin-api.ts';
import { refusalsOfAction } from '#contract/admin-errors.ts';
import { type AdminExample, adminExamples } from '#contract/admin-examples.ts';
import { limits } from '#contract/limits.ts';
import { protectedTrees } from '#contract/routes.ts';
import type { Schema } from '#contract/schema.ts';
import { commandsOf } from './cli.ts';
import { statusOf } from './openapi/admin-paths.ts';
import { gatewayErrors } from './openapi/responses.ts';
import { anchorOf, code, errorLink, jsonBlock, pageHead, sentence, table } from './page.ts';

type Action = AdminRoute & { readonly action: AdminAction };

const PURPOSE = `This page is for developers who automate the administration of a gate. It has one entry for each action: route, request, response, refusals, an example,
and the command of \`widget-gate\` that does the same.`;

const everywhere = `## Every call

- The session is the cookie that a login sets ([openapi.json](openapi.json), group "Administrator login"). \`widget-gate login\` does it for the command line.
- Requests with another method than GET need the header \`X-Requested-With\` with any value and, if an \`Origin\` is sent, the origin of the gate itself.
- Bodies are JSON, ${limits.maxAuthBodyBytes.toLocaleString('en-US')} bytes at most. Unknown members are rejected.
- Responses that show a shop have an \`ETag\`. Send it in \`If-Match\` with a change, and the change is made only if nobody else changed the shop meanwhile.
- Times are Unix seconds, except in the audit trail: milliseconds.
- Every call can also be refused with ${gatewayErrors.map(errorLink).join(', ')}.`;

/** docs/admin-api.md */
export const adminApiPage = (): string =>
  `${[pageHead('Admin API', PURPOSE), everywhere, '## Actions', ...adminRoutes.map(entryOf)].join('\n\n')}\n`;

function entryOf(route: Action): string {
  const { action, method, path, summary, answer, hasVersion } = route;
  const example: AdminExample<AdminAction> = adminExamples[action];
  const shown = `${method} ${protectedTrees['admin-session']}${path}`;
  const takesVersion = hasVersion === true && method !== 'GET';
  return [
    `### ${action}`,
    `${sentence(summary)}`,
    code(shown) + (takesVersion ? ', optional header `If-Match`' : ''),
    ...inputs(route),
    ...exampleRequest(route, example),
    answer === undefined
      ? 'Response: status 204, no body.'
      : `Response: status ${statusOf(route)}.\n\n${jsonBlock(example.answer)}`,
    `Refused with: ${refusalsOfAction(action).map(errorLink).join(', ')}.`,
    `Command: ${commandList(action)}.`,
  ].join('\n\n');
}

function inputs({ method, path, request }: Action): string[] {
  const place = method === 'GET' ? 'query' : 'body';
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [
    code(name),
    'path',
    pathParameters[name as keyof typeof pathParameters].form,
    'required',
  ]);
  const members =
    request === undefined
      ? []
      : 'variants' in request
        ? Object.entries(request.variants).flatMap(([value, variant]) =>
            rowsOf(variant.members, variant.required, `${place}, ${request.by} ${code(value)}`),
          )
        : rowsOf(request.members, request.required ?? [], place);
  const oneOf = request !== undefined && 'members' in request ? request.oneOf : undefined;
  const rows = [...inPath, ...members];
  return [
    ...(rows.length === 0 ? [] : [table(['name', 'in', 'must be', ''], rows)]),
    ...(oneOf === undefined ? [] : [`At least one of ${oneOf.map(code).join(', ')} is required.`]),
  ];
}

const rowsOf = (members: Readonly<Record<string, Schema>>, required: readonly string[], place: string): string[][] =>
  Object.entries(members).map(([name, schema]) => [
    code(name),
    place,
    'form' in schema && schema.form !== undefined ? schema.form : 'as described above',
    required.includes(name)
      ? 'required'
      : 'default' in schema
        ? `default: ${code(JSON.stringify(schema.default))}`
        : 'optional',
  ]);

const exampleRequest = ({ method, request }: Action, example: AdminExample<AdminAction>): string[] => {
  if (request === undefined || Object.keys(example.request).length === 0) return [];
  return method === 'GET'
    ? [
        `Example of a query: \`?${new URLSearchParams(Object.entries(example.request).map(([name, value]) => [name, String(value)]))}\``,
      ]
    : [`Example of a request:\n\n${jsonBlock(example.request)}`];
};

const commandList = (action: AdminAction): string => {
  const commands = commandsOf(action);
  if (commands.length === 0) throw new Error(`bin/references/cli-examples.ts names no command for ${action}`);
  return commands.map((words) => `[${code(words)}](cli.md#${anchorOf(words)})`).join(', ');
};
