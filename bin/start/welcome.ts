import { environment } from '#contract/environment.ts';
import { protectedTrees } from '#contract/routes.ts';
import type { DemoUsers } from '#demo/credentials.ts';
import type { Deployment } from '#local/model.ts';

/** The upstreams of a stage, as the welcome shows them. */
export interface StageUpstreams {
  /** The path of the API, and the URL of its upstream. */
  readonly upstreams: readonly (readonly [path: string, url: string])[];
  /** ARNs of secrets of the stage without a text from `--secret`: calls to its upstreams get 503. */
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

export interface Welcome extends Pick<DemoUsers, 'admin'>, StageUpstreams {
  readonly baseUrl: string;
  /** Absent if the stage allows no pages of this machine. */
  readonly demoUrl: string | undefined;
  readonly adminUrl: string | undefined;
  readonly dataDirectory: string | undefined;
  /** Lines that set the variables of the commands below and of the documents. */
  readonly exports: string;
}

/** Printed when the gate is up: addresses, `export` lines, three next steps and where the documents are. */
export function welcome(gate: Welcome): string {
  const { baseUrl, demoUrl, adminUrl, dataDirectory, exports, upstreams, missingSecrets } = gate;
  const addresses = [
    ['base URL', baseUrl],
    ['demo', demoUrl ?? 'none, because a production stage allows no pages of this machine'],
    ['console', adminUrl ?? 'none, because the option web is off'],
    ['state', dataDirectory ?? 'in memory, deleted at the end'],
    ...upstreams.map(([path, url]) => ['upstream', `${path}: ${url}`]),
  ];
  const missing = missingSecrets.map(
    (arn) => `\nCalls to https upstreams get 503 until you start the gate with --secret ${arn}=FILE.\n`,
  );
  const later =
    dataDirectory === undefined ? '' : 'Later, or in another terminal: eval "$(bin/widget-gate.js local keys)"\n\n';
  const steps = demoUrl === undefined ? stepsWithoutDemo(gate) : stepsWithDemo(gate, demoUrl);
  return `
Widget Gate is up.

${addresses.map(([name, value]) => `  ${name?.padEnd(8)}  ${value}\n`).join('')}${missing.join('')}
Paste these lines into another terminal. They set the variables of all examples:

${indent(exports)}

${later}Next steps:

${steps.map((step, index) => `${index + 1}. ${step}\n`).join('\n')}
Documentation: docs/getting-started.md. Ctrl-C stops the gate.
`;
}

const stepsWithDemo = (gate: Welcome, demoUrl: string): string[] => [
  `Get a widget token with the shop's API key, and make a call as its widget (200):

  TOKEN=$(bin/widget-gate.js tokens mint "$WIDGET_GATE_SHOP_ID")
  curl -sS -i "$WIDGET_GATE_URL/api/widget/session" -H "X-Widget-Token: $TOKEN" -H "Origin: $WIDGET_GATE_SHOP_ORIGIN"
`,
  `Open the demo, a shop and a portal that embed the widget: ${demoUrl}\n`,
  consoleStep(gate),
];

const stepsWithoutDemo = (gate: Welcome): string[] => [
  `Log in as an administrator, and create a shop:

  bin/widget-gate.js login --user ${gate.admin.userName}
  eval "$(bin/widget-gate.js shops create https://shop.example.com)"
`,
  `Check the gate from end to end as this shop:

  bin/widget-gate.js smoke --shop "$WIDGET_GATE_SHOP_ID" --origin https://shop.example.com
`,
  consoleStep(gate),
];

const consoleStep = ({ admin, adminUrl }: Welcome): string =>
  adminUrl === undefined
    ? `List the shops as an administrator:

  bin/widget-gate.js login --user ${admin.userName} && bin/widget-gate.js shops list
`
    : `Open the console with the login link that this command prints:

  bin/widget-gate.js login --user ${admin.userName} --browser
`;

const indent = (lines: string): string => lines.replaceAll(/^/gm, '  ');
