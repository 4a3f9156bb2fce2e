import { environment } from '#contract/environment.ts';
import { protectedTrees } from '#contract/routes.ts';
import type { DemoKeys, DemoUsers } from '#demo/credentials.ts';
import type { Deployment } from '#local/model.ts';

/** What a person who starts the gate needs to know about the upstreams of its stage. */
export interface StageUpstreams {
  /** The path of the API, and the URL of its upstream. */
  readonly upstreams: readonly (readonly [path: string, url: string])[];
  /** ARNs of secrets that the stage names, whose text `--secret` did not give: calls to its upstreams get 503. */
  readonly missingSecrets: readonly string[];
}

const VARIABLES = [
  [protectedTrees['widget-token'], environment.upstreamUrl],
  [protectedTrees.analytics, environment.analyticsUpstreamUrl],
  [protectedTrees['data-router-key'], environment.dataRouterUpstreamUrl],
] as const;

export function stageUpstreams({ functions, secrets }: Pick<Deployment, 'functions' | 'secrets'>): StageUpstreams {
  const valuesOf = (variable: string): string[] => [
    ...new Set(functions.flatMap((each) => each.environment[variable] ?? [])),
  ];
  return {
    upstreams: VARIABLES.flatMap(([path, variable]) => valuesOf(variable).map((url) => [path, url] as const)),
    missingSecrets: valuesOf(environment.upstreamCaSecret).filter((arn) => secrets.every((each) => each.arn !== arn)),
  };
}

export interface Welcome extends DemoUsers, StageUpstreams {
  readonly baseUrl: string;
  /** Absent where the stage allows no pages of this machine. */
  readonly demoUrl: string | undefined;
  readonly adminUrl: string | undefined;
  readonly demoKeys: DemoKeys | undefined;
  readonly dataDirectory: string | undefined;
  /** Lines that define the variables of the pieces below. */
  readonly exports: string;
}

/** What a person reads when the gate is up: addresses, the demo shop and users, and lines to paste. */
export function welcome({ demoUrl, adminUrl, dataDirectory, demoKeys, exports, ...rest }: Welcome): string {
  const { baseUrl, admin, outsider, upstreams, missingSecrets } = rest;
  const shownUpstreams = upstreams.map(([path, url]) => `  upstream  ${path}: ${url}\n`).join('');
  const missing = missingSecrets.map(
    (arn) => `\nCalls to https upstreams get 503 until you start the gate with --secret ${arn}=FILE.\n`,
  );
  const again =
    dataDirectory === undefined
      ? ''
      : `
In any other terminal, this defines the same variables:

  eval "$(bin/widget-gate.js local keys)"
`;
  return `
Widget Gate is up.

  base URL  ${baseUrl}
  demo      ${demoUrl === undefined ? 'none: a production stage allows no pages of this machine' : `${demoUrl}, a shop and a portal that embed the widget`}
  console   ${adminUrl ?? 'none: the stage has no web'}
  state     ${dataDirectory ?? 'in memory, deleted at the end'}
${shownUpstreams}${missing.join('')}
Paste these lines into another terminal, and then any of the blocks below:

${indent(exports)}
${again}
${demoKeys === undefined ? withoutDemo() : trials(demoKeys)}
Administrators are members of the IAM group ${admin.group}. Log in in the console, or here:

  bin/widget-gate.js login --user ${admin.userName} && bin/widget-gate.js shops list
  bin/widget-gate.js login --user ${admin.userName} --browser

${outsider.userName} can prove who it is, but is not in the group, and is refused:

  export AWS_ACCESS_KEY_ID=${outsider.accessKeyId} AWS_SECRET_ACCESS_KEY=${outsider.secretAccessKey}
  bin/widget-gate.js login --user ${outsider.userName}

Ctrl-C stops the gate.
`;
}

const withoutDemo =
  (): string => `This stage has no demo data. After the login below, create a shop and check the gate as that shop:

  eval "$(bin/widget-gate.js shops create https://shop.example.com)"
  bin/widget-gate.js smoke --shop "$WIDGET_GATE_SHOP_ID" --origin https://shop.example.com
`;

const trials = ({ shop }: DemoKeys): string => `1. The shop's server exchanges its API key for a widget token:

  TOKEN=$(curl -sS -X POST "$WIDGET_GATE_URL/api/shops/$WIDGET_GATE_SHOP_ID/widget-token" -H "X-Shop-API-Key: $WIDGET_GATE_SHOP_API_KEY" | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'); echo "$TOKEN"

2. The browser's widget sends it with each call, from the shop's own origin (200):

  curl -sS -i "$WIDGET_GATE_URL/api/widget/session" -H "X-Widget-Token: $TOKEN" -H "Origin: ${shop.url}"

3. A tampered token (401 unauthorized):

  curl -sS -i "$WIDGET_GATE_URL/api/widget/session" -H "X-Widget-Token: x$TOKEN" -H "Origin: ${shop.url}"

4. A page of another origin (403 origin_not_allowed):

  curl -sS -i "$WIDGET_GATE_URL/api/widget/session" -H "X-Widget-Token: $TOKEN" -H "Origin: https://evil.example"

5. A portal's server exchanges its analytics key for a security token; the page sends that with each call:

  SECURITY_TOKEN=$(curl -sS -X POST "$WIDGET_GATE_URL/devapi/v4/core/login/token" -H "X-API-Key: $WIDGET_GATE_ANALYTICS_API_KEY" -d '{"userid":"u-1","appid":"app-1"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -sS -i "$WIDGET_GATE_URL/api/analytics/session" -H "Authorization: Bearer $SECURITY_TOKEN"

6. A server calls the data router with its own key:

  curl -sS -i "$WIDGET_GATE_URL/api/data-router/session" -H "X-API-Key: $WIDGET_GATE_DATA_ROUTER_API_KEY"
`;

const indent = (lines: string): string => lines.replaceAll(/^/gm, '  ');
