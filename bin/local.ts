import { testKeyExports } from '#cli/commands/local.ts';
import { visibleLines } from '#cli/output.ts';
import { environment } from '#contract/environment.ts';
import { seedDemoKeys, seedDemoUsers, TestKeys } from '#demo/credentials.ts';
import { type Demo, startDemo } from '#demo/start.ts';
import { type Host, startHost } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';
import { requestLine } from '#local/request-line.ts';
import { synthesize } from '#local/synthesize.ts';
import { buildIfChanged } from './build.ts';
import { type Control, startControl } from './start/control.ts';
import { withSecrets } from './start/given-secrets.ts';
import { HELP, type LocalOptions, parseLocalOptions } from './start/options.ts';
import { consoleUrlOf, isCalledByShops, loadStage } from './start/stage.ts';
import { type StageUpstreams, stageUpstreams, welcome } from './start/welcome.ts';

/** `npm start`: builds, synthesizes the stage, runs it on 127.0.0.1, seeds the demo shop and keys, prints how to use it. */
async function main(): Promise<void> {
  const options = parseLocalOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  await buildIfChanged();
  const assembly = await synthesize(options.stage);
  const stage = withSecrets(withLocalCommand(loadStage(assembly)), options.secrets);
  const demo = await startDemo(stage, options.demoPort);
  const host = await startHost({
    isWarm: isCalledByShops,
    ...options,
    deployment: demo?.deployment ?? stage,
    log: logOf(options),
    onCall: options.json ? undefined : (call) => printLine(requestLine(call)),
  });
  // Without a data directory there is no place where an operator could find its secret.
  const control =
    options.dataDirectory === undefined ? undefined : await startControl(host, options.dataDirectory, options.stage);
  stopOnSignals(host, control, demo);
  try {
    await announce(host, options, stageUpstreams(stage), demo);
  } catch (error) {
    await stop(host, control, demo);
    throw error;
  }
}

/** What the functions write. For a person, without the counters that CloudWatch reads, and with nothing that could steer a terminal. */
function logOf({ json, metrics }: LocalOptions): (text: string) => void {
  if (json) return (text) => void process.stderr.write(text);
  return (text) => {
    for (const line of text.split('\n')) if (line !== '' && (metrics || !line.startsWith('{"_aws":'))) printLine(line);
  };
}

const printLine = (line: string): void => void process.stderr.write(`${visibleLines(line)}\n`);

/** Has a refused login name the command of this gate's own IAM in place of the AWS CLI's. */
function withLocalCommand(deployment: Deployment): Deployment {
  const functions = deployment.functions.map((each) =>
    each.environment[environment.adminGroup] === undefined
      ? each
      : {
          ...each,
          environment: { ...each.environment, [environment.addMemberCommand]: 'bin/widget-gate.js iam add-to-group' },
        },
  );
  return { ...deployment, functions };
}

async function announce(
  host: Host,
  { stage, dataDirectory, json }: LocalOptions,
  upstreams: StageUpstreams,
  demo: Demo | undefined,
) {
  const { baseUrl } = host;
  const adminUrl = consoleUrlOf(host);
  const keys = new TestKeys(dataDirectory, stage);
  const demoKeys = demo && (await seedDemoKeys(keys, host));
  const users = seedDemoUsers(keys, host);
  await demo?.open(host, { dataDirectory, stage });
  const demoUrl = demo?.url;
  const exports = testKeyExports(baseUrl, { ...demoKeys, ...users });
  const text = json
    ? JSON.stringify({ ready: true, baseUrl, demoUrl, adminUrl, ...demoKeys, ...users })
    : welcome({ baseUrl, demoUrl, adminUrl, admin: users.admin, ...upstreams, dataDirectory, exports });
  process.stdout.write(`${text}\n`);
}

/** The demo last: calls in flight may still want its API. */
async function stop(host: Host, control: Control | undefined, demo: Demo | undefined): Promise<void> {
  await Promise.all([control?.close(), host.close()]);
  await demo?.close();
}

function stopOnSignals(host: Host, control: Control | undefined, demo: Demo | undefined): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void stop(host, control, demo).then(() => process.exit(0));
    });
  }
}

main().catch((error: unknown) => {
  // An expected failure is reported by its message; a stack would only hide it.
  const expected = [
    'OptionError',
    'FaultSpecError',
    'PortInUseError',
    'DataDirectoryInUseError',
    'DataDirectoryError',
    'TemplateError',
    'ConcurrencyError',
    'SeedingError',
  ];
  const known = error instanceof Error && (expected.includes(error.name) || error.message.startsWith('the stage'));
  console.error(known ? visibleLines(`Widget Gate: ${error.message}`) : error);
  process.exit(1);
});
