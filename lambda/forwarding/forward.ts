import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { UpstreamFailure } from '#contract/forwarding.ts';
import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';
import { isFromEdge } from '../platform/caller-address.ts';
import { log } from '../platform/log.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';
import { refuse } from '../platform/responses.ts';
import type { Assertions } from './assertion.ts';
import { type CallOutcome, Circuit } from './circuit.ts';
import { CallerTags } from './entity-tags.ts';
import { upstreamHeaders } from './request-headers.ts';
import { pageHeaders } from './response-headers.ts';
import { streamedResult } from './streamed-result.ts';
import { upstreamTarget } from './target.ts';
import { UpstreamBody } from './upstream-body.ts';
import { type UpstreamAnswer, type UpstreamCall, UpstreamClient } from './upstream-client.ts';

/** The dependencies and settings of a forwarding function. */
export interface Forwarded {
  /** The verified identity, by header name. */
  readonly identity: Readonly<Record<string, string>>;
  /** Names, in lower case, of headers that are credentials on this route. */
  readonly dropped?: readonly string[];
  /** The identity of the call in log and trail. */
  readonly shopId?: string;
}

export interface ForwarderOptions {
  /** The header value that identifies the stage's CloudFront. */
  readonly edgeMark: string;
  /** Signs each call. Throws `DependencyError` if it cannot: then nothing is forwarded. */
  readonly assertions: Pick<Assertions, 'sign'>;
  /** Records failures of the upstream. */
  readonly failures: {
    note(failed: { shopId: string | undefined; code: string; requestId: string }, nowMilliseconds: number): unknown;
  };
  /** Certificates in PEM of private authorities, trusted in addition to the public ones. Default: none. */
  readonly authorities?: (() => Promise<readonly string[]>) | undefined;
  /** How long a call may wait for the upstream. */
  readonly timeoutMilliseconds: number;
  /**
   * Whether responses are streamed.
   * @default they are buffered
   */
  readonly streams?: boolean;
}

export type Forwarder = (event: APIGatewayProxyEvent, forwarded: Forwarded) => Promise<APIGatewayProxyResult>;

/**
 * Forwards to the stage's upstream; undefined when it has none. This is a function and not API Gateway's HTTP proxy integration, because
 * that integration cannot add the CORS headers without which the browser hides the response from the page.
 */
export function upstreamForwarder(
  base: string | undefined,
  makeOptions: () => ForwarderOptions,
): Forwarder | undefined {
  if (base === undefined) return undefined;
  const { edgeMark, failures, assertions, authorities, timeoutMilliseconds, streams = false } = makeOptions();
  const baseUrl = new URL(base);
  const { origin, pathname: basePath } = baseUrl;
  const client = new UpstreamClient(baseUrl, timeoutMilliseconds, authorities);
  const circuit = new Circuit({ timeoutMilliseconds });
  return async (event, { identity, dropped, shopId }) => {
    const { requestId } = event.requestContext;
    const sent = event.multiValueHeaders as MultiValueHeaders;
    const file = async (reason: UpstreamFailure): Promise<void> => {
      log('error', { event: 'upstream_failed', requestId, reason, ...(shopId !== undefined && { shopId }) });
      await failures.note({ shopId, code: `upstream_${reason}`, requestId }, Date.now());
    };
    const fail = async (reason: UpstreamFailure): Promise<APIGatewayProxyResult> => {
      await file(reason);
      return refuse('upstream_failed', requestId);
    };
    const target = upstreamTarget(basePath, {
      path: event.pathParameters?.proxy ?? '',
      query: event.multiValueQueryStringParameters as Readonly<Record<string, string[]>> | null,
    });
    if (!target.ok) return refuse(target.reason, requestId);
    const publicAddress = { host: publicHost(event), prefix: publicPrefix(event, edgeMark) };
    const [path = ''] = target.value.split('?', 1);
    const asserted = { audience: origin, method: event.httpMethod, path, requestId, identity };
    const assertion = await assertions.sign(asserted, Math.floor(Date.now() / 1_000));
    // Before the circuit, which must count only failures of the upstream.
    await client.ready();
    const admission = circuit.admit(performance.now());
    if (!admission.admitted) return refuse('upstream_unavailable', requestId, undefined, admission.retryAfterSeconds);
    const tags = new CallerTags(identity, sent, dropped);
    const call: UpstreamCall = {
      method: event.httpMethod,
      target: target.value,
      headers: upstreamHeaders(sent, { identity, requestId, assertion, publicAddress, tags }, dropped),
      body: event.body === null ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'),
    };
    const noteEnd = (outcome: CallOutcome): void => {
      const change = circuit.note(outcome, performance.now());
      if (change !== undefined) log('warn', { event: `upstream_circuit_${change}`, requestId });
    };
    const answered = await (streams ? client.begin(call) : client.call(call));
    const begun = answered.ok && answered.value.body instanceof UpstreamBody ? answered.value.body : undefined;
    // The end of a response that has begun is not known yet.
    if (begun === undefined) noteEnd(!answered.ok && answered.reason === 'timeout' ? 'timed_out' : 'returned');
    if (!answered.ok) return fail(answered.reason);
    const passed = pageHeaders(
      answered.value,
      {
        origin: headerValues(sent, 'origin')[0],
        requestId,
        tags,
        sendsCredential: CREDENTIAL_HEADERS.some((name) => headerValues(sent, name).length > 0),
      },
      // Not relative to the base: a target of `//x` would name another host.
      {
        base: baseUrl,
        called: `${origin}${target.value}`,
        ...publicAddress,
      },
    );
    if (!passed.ok) {
      begun?.discard();
      if (begun !== undefined) noteEnd('returned');
      return fail('malformed');
    }
    const { status, body } = answered.value;
    return body instanceof UpstreamBody
      ? streamedResult(status, passed.value, { body, requestId, noteEnd, file })
      : (resultOf({ status, body }, passed.value) ?? fail('too_large'));
  };
}

/** Credential headers of forwarded calls that clients keep when a redirect leads to another host. */
const CREDENTIAL_HEADERS = [headers.widgetToken, headers.serviceKey].map((name) => name.toLowerCase());

/** The path of the gate in front of the forwarded path, as the caller sees it: CloudFront and a custom domain hide the stage. */
function publicPrefix({ requestContext, resource, multiValueHeaders }: APIGatewayProxyEvent, edgeMark: string): string {
  const tree = resource.replace(/\/\{proxy\+\}$/, '');
  const stage = `/${requestContext.stage}`;
  const showsStage = requestContext.path.startsWith(`${stage}${tree}/`);
  return showsStage && !isFromEdge(multiValueHeaders as MultiValueHeaders, edgeMark) ? `${stage}${tree}` : tree;
}

/** API Gateway's own value for the address, which no header of the caller changes. */
const publicHost = ({ requestContext }: APIGatewayProxyEvent): string => requestContext.domainName ?? '';

/** The response for Lambda; undefined when it is larger than Lambda can return. Bytes that are not UTF-8 are encoded as Base64. */
function resultOf(
  { status, body }: Pick<UpstreamAnswer, 'status' | 'body'>,
  multiValueHeaders: Record<string, string[]>,
): APIGatewayProxyResult | undefined {
  const isBase64Encoded = !isUtf8(body);
  const text = body.toString(isBase64Encoded ? 'base64' : 'utf8');
  // Lambda limits the size of the surrounding JSON, in which quotes and line breaks need two bytes, and control characters six.
  const isSmall = body.length * 6 < limits.maxUpstreamBodyBytes;
  const bytes = isBase64Encoded || isSmall ? text.length : Buffer.byteLength(JSON.stringify(text));
  if (bytes <= limits.maxUpstreamBodyBytes)
    return { statusCode: status, multiValueHeaders, body: text, isBase64Encoded };
  if (isBase64Encoded || (body.length * 4) / 3 > limits.maxUpstreamBodyBytes) return undefined;
  return { statusCode: status, multiValueHeaders, body: body.toString('base64'), isBase64Encoded: true };
}
