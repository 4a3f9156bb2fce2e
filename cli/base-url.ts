import { wrongUsage } from './failure.ts';
import type { Options } from './options.ts';

const LOOPBACK = ['127.0.0.1', 'localhost'];

/** The base URL that the command line or the environment names; undefined stands for the local gate. Throws `CliFailure`. */
export function givenBaseUrl(options: Options): string | undefined {
  const [url, directory] = [options.text('url'), options.text('data-dir')];
  if (url !== undefined && directory !== undefined)
    throw wrongUsage('Give --url for a deployed gate or --data-dir for a local one, not both.');
  const given = url ?? (directory === undefined ? process.env.WIDGET_GATE_URL || undefined : undefined);
  return given === undefined ? undefined : parseBaseUrl(given);
}

/** Reads a base URL, the stage's path included, without a slash at its end and without repeated ones: a stack's `ApiUrl` ends in one. Throws `CliFailure`. */
export function parseBaseUrl(text: string, whose = 'a gate'): string {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw wrongUsage(`The URL of ${whose} is like https://abc.execute-api.eu-west-1.amazonaws.com/prod, and no more.`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    throw wrongUsage(`The URL of ${whose} begins with https://; only 127.0.0.1 and localhost do without TLS.`);
  return `${url.origin}${url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')}`;
}

/** Whether calls stay on this machine. */
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.includes(hostname);
