import { type Control, startControl } from '../local/control.ts';
import { seedDemoCredentials } from '../local/demo-credentials.ts';
import { seedDemoUsers } from '../local/demo-users.ts';
import { type Host, startHost } from '../local/host.ts';
import { HELP, type LocalOptions, parseLocalOptions } from '../local/options.ts';
import { synthesize } from '../local/synthesize.ts';
import { loadDeployment } from '../local/template.ts';
import { welcome } from '../local/welcome.ts';
import { buildIfChanged } from './build.ts';
import { type Demo, startDemo } from './demo.ts';

/** `npm start`: builds, synthesizes the stage, runs it on 127.0.0.1, seeds the demo shop and keys, prints how to use it. */
async function main(): Promise<void> {
  const options = parseLocalOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  await buildIfChanged();
  const assembly = await synthesize(options.stage);
  const stage = loadDeployment(assembly);
  const demo = await startDemo(stage, options.demoPort);
  const host = await startHost({
    ...options,
    deployment: demo?.deployment ?? stage,
    log: (text) => process.stderr.write(text),
  });
  // Without a data directory there is no place where an operator could find its secret.
  const control = options.dataDirectory === undefined ? undefined : await startControl(host, options.dataDirectory);
  stopOnSignals(host, control, demo);
  try {
    await announce(host, options, demo);
  } catch (error) {
    await stop(host, control, demo);
    throw error;
  }
}

async function announce(host: Host, { dataDirectory, json }: LocalOptions, demo: Demo | undefined): Promise<void> {
  const { baseUrl, adminUrl, aws, adminGroupName } = host;
  const credentials = await seedDemoCredentials(dataDirectory, host);
  const users = seedDemoUsers(aws.users, adminGroupName);
  await demo?.open(host, dataDirectory);
  const demoUrl = demo?.url;
  const text = json
    ? JSON.stringify({ ready: true, baseUrl, demoUrl, adminUrl, ...credentials, ...users })
    : welcome({ baseUrl, demoUrl, adminUrl, ...credentials, ...users, dataDirectory });
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
  // Expected failures are told by their message; a stack would only hide it.
  const expected = [
    'OptionError',
    'FaultSpecError',
    'PortInUseError',
    'DataDirectoryInUseError',
    'DataDirectoryError',
    'TemplateError',
  ];
  const known = error instanceof Error && (expected.includes(error.name) || error.message.startsWith('the stage'));
  console.error(known ? `Widget Gate: ${error.message}` : error);
  process.exit(1);
});
