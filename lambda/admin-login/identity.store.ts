import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { limits } from '#contract/limits.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { DependencyError } from '../platform/stored.ts';
import { readCallerIdentityXml } from './caller-identity.ts';
import { authorizationOf, type IdentityAnswer, type IdentityRequest, type IdentityService } from './challenge.ts';

/**
 * Asks STS who signed a request. No AWS SDK here: it would sign by itself, follow redirects and read any answer. The address is a constant
 * of the deployment, the answer is bounded, and only status 200 counts, with JSON, which AWS answers as asked for, or with the same in XML,
 * which emulators of AWS may answer all the same.
 */
export class StsIdentityService implements IdentityService {
  /** Locally the stand-in's; the Host header, which is signed, stays that of STS. */
  readonly #endpoint: URL;

  constructor(host: string, endpoint = process.env.AWS_ENDPOINT_URL) {
    this.#endpoint = new URL(endpoint ?? `https://${host}`);
  }

  async callerIdentity(request: IdentityRequest, accessKeyId: string, signature: string): Promise<IdentityAnswer> {
    const authorization = authorizationOf(request, accessKeyId, signature);
    const { status, text } = await this.#send(request, authorization);
    if (status >= 500 || status === 429 || isThrottled(text)) throw new DependencyError('STS failed');
    const answer = status === 200 ? readAnswer(text) : undefined;
    return answer === undefined ? { kind: 'refused' } : { kind: 'vouched', answer };
  }

  async #send(
    { method, path, headers, body }: IdentityRequest,
    authorization: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const send = this.#endpoint.protocol === 'https:' ? httpsRequest : httpRequest;
    const signal = AbortSignal.timeout(limits.identityTotalMilliseconds);
    try {
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = send(
          new URL(path, this.#endpoint),
          {
            method,
            headers: { ...headers, authorization, 'content-length': String(Buffer.byteLength(body)) },
            signal,
            timeout: limits.identityConnectMilliseconds,
            agent: false,
          },
          resolve,
        );
        // Until the connection stands, silence means that nobody is there.
        sent.once('timeout', () => sent.socket?.connecting === true && sent.destroy(new Error('no connection')));
        sent.on('error', reject);
        sent.end(body);
      });
      return { status: message.statusCode ?? 0, text: await readBounded(message) };
    } catch (error) {
      if (error instanceof AnswerTooLarge) return { status: 0, text: '' };
      throw new DependencyError('STS did not answer', { cause: error });
    }
  }
}

class AnswerTooLarge extends Error {}

async function readBounded(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.maxIdentityAnswerBytes) throw new AnswerTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(text: string): ReadonlyMap<string, unknown> | undefined {
  if (text.startsWith('<')) {
    const read = readCallerIdentityXml(text);
    return read.ok ? read.value : undefined;
  }
  const read = parseStrictJsonObject(text);
  return read.ok ? new Map(Object.entries(read.value)) : undefined;
}

const THROTTLED = '(Throttling|ThrottlingException|RequestLimitExceeded)';
const THROTTLED_ANSWER = new RegExp(`"Code"\\s*:\\s*"${THROTTLED}"|<Code>\\s*${THROTTLED}\\s*</Code>`);

/** STS reports throttling with status 400 and a code of its own: not a failed proof, but a call to repeat. */
const isThrottled = (text: string): boolean => THROTTLED_ANSWER.test(text);
