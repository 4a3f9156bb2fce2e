import { request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string[]>;
  readonly text: string;
  readonly bytes: Buffer;
  readonly json: Record<string, unknown>;
}

export interface HttpCall {
  readonly method?: string;
  /** Sent byte for byte, in this order, as often as they occur here. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
  /** The path as it is put on the wire, without any normalization. */
  readonly path: string;
  /** The loopback address that the call comes from: 127.0.0.2. Default: what the system takes. */
  readonly localAddress?: string;
}

/** One HTTP call that changes nothing of what it should send: `fetch` would normalize paths, join headers and refuse some. */
export function callHttp(
  baseUrl: string,
  { method = 'GET', headers = [], body, path, localAddress }: HttpCall,
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const rawHeaders = [['Host', `${hostname}:${port}`], ...headers].flat();
    if (body !== undefined) rawHeaders.push('Content-Length', String(Buffer.byteLength(body)));
    const from = localAddress !== undefined && { localAddress };
    const call = request({ hostname, port, method, path, headers: rawHeaders, agent: false, ...from }, (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', reject);
      message.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const { statusCode: status = 0, headersDistinct } = message;
        resolve({ status, headers: headersDistinct, text, bytes, json: parseJson(text) });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
