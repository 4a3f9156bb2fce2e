import { type Control, startControl } from '../local/control.ts';
import { seedDemoCredentials } from '../local/demo-credentials.ts';
import { seedDemoUsers } from '../local/demo-users.ts';
import { type Host, startHost } from '../local/host.ts';
import { HELP, type LocalOptions, parseLocalOptions } from '../local/options.ts';
import { synthesize } from '../local/synthesize.ts';
import { loadDeployment } from '../local/template.ts';
import { welcome } from '../local/welcome.ts';
import { buildIfChanged } from './build.ts';

/** `npm start`: builds, synthesizes the stage, runs it on 127.0.0.1, seeds the demo shop and keys, prints how to use it. */
async function main(): Promise<void> {
  const options = parseLocalOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  await buildIfChanged();
  const assembly = await synthesize(options.stage);
  const host = await startHost({
    ...options,
    deployment: loadDeployment(assembly),
    log: (text) => process.stderr.write(text),
  });
  // Without a data directory there is no place where an operator could find its secret.
  const control = options.dataDirectory === undefined ? undefined : await startControl(host, options.dataDirectory);
  stopOnSignals(host, control);
  try {
    await announce(host, options);
  } catch (error) {
    await Promise.all([control?.close(), host.close()]);
    throw error;
  }
}

async function announce(host: Host, { dataDirectory, json }: LocalOptions): Promise<void> {
  const { baseUrl, adminUrl, aws, adminGroupName } = host;
  const credentials = await seedDemoCredentials(dataDirectory, host);
  const users = seedDemoUsers(aws.users, adminGroupName);
  const text = json
    ? JSON.stringify({ ready: true, baseUrl, adminUrl, ...credentials, ...users })
    : welcome({ baseUrl, adminUrl, ...credentials, ...users, dataDirectory });
  process.stdout.write(`${text}\n`);
}

function stopOnSignals(host: Host, control: Control | undefined): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void Promise.all([control?.close(), host.close()]).then(() => process.exit(0));
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
