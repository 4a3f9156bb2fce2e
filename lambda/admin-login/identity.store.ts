import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { limits } from '#contract/limits.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { DependencyError } from '../platform/stored.ts';
import { readCallerIdentityXml } from './caller-identity.ts';
import { authorizationOf, type IdentityAnswer, type IdentityRequest, type IdentityService } from './challenge.ts';

/**
 * Asks STS who signed a request. It does not use the AWS SDK, which would sign by itself, follow redirects and accept any response. The
 * address is a constant of the deployment and the response is bounded. Only status 200 is accepted, with JSON, which AWS returns as
 * requested, or with the same in XML, which emulators of AWS may return anyway.
 */
export class StsIdentityService implements IdentityService {
  /** On the local host, the stand-in's address; the signed Host header remains that of STS. */
  readonly #endpoint: URL;

  constructor(host: string, endpoint = process.env.AWS_ENDPOINT_URL) {
    this.#endpoint = new URL(endpoint ?? `https://${host}`);
  }

  async callerIdentity(request: IdentityRequest, accessKeyId: string, signature: string): Promise<IdentityAnswer> {
    const authorization = authorizationOf(request, accessKeyId, signature);
    const { status, text } = await this.#send(request, authorization);
    if (status >= 500 || status === 429 || isThrottled(text)) throw new DependencyError('STS failed');
    const answer = status === 200 ? readAnswer(text) : undefined;
    return answer === undefined ? { kind: 'refused' } : { kind: 'confirmed', answer };
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
        // Until the connection is established, silence means that the host is down.
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

/** STS reports throttling with status 400 and a code of its own: the proof did not fail, and the call can be repeated. */
const isThrottled = (text: string): boolean => THROTTLED_ANSWER.test(text);
