import { request as requestPlainly } from 'node:http';
import { request as requestEncrypted } from 'node:https';

export interface SmokeCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SmokeAnswer {
  readonly status: number;
  /** The body; empty when it is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Makes one call; rejects when there is no answer. */
export type Send = (call: SmokeCall) => Promise<SmokeAnswer>;

const TIMEOUT_MILLISECONDS = 10_000;
const MAX_ANSWER_CHARS = 65_536;

/** Over the network. Not `fetch`, which follows redirects and takes the key along. */
export const send: Send = ({ method, url, headers }) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestEncrypted : requestPlainly;
    const options = { method, headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) };
    const call = request(url, options, (message) => {
      let text = '';
      message.setEncoding('utf8');
      message.on('data', (chunk: string) => {
        if (text.length < MAX_ANSWER_CHARS) text += chunk;
      });
      message.on('error', reject);
      message.on('end', () => resolve({ status: message.statusCode ?? 0, json: parseObject(text) }));
    });
    call.on('error', reject);
    call.end();
  });

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
