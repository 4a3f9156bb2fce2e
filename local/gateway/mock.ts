import { TemplateError } from '../template/intrinsics.ts';
import type { GatewayCall } from './gateway-call.ts';
import type { Answer, ResponseType } from './gateway-responses.ts';
import { mappedHeaders } from './mapped-headers.ts';

interface IntegrationResponse {
  readonly StatusCode: string;
  readonly SelectionPattern?: string;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
}

interface MockIntegration {
  readonly ContentHandling?: string;
  readonly RequestTemplates?: Readonly<Record<string, string>>;
  readonly IntegrationResponses?: readonly IntegrationResponse[];
}

const RESPONSE_MEMBERS = ['StatusCode', 'SelectionPattern', 'ResponseParameters'];

/**
 * A MOCK integration, which is how a preflight is answered: the request template's status selects the response by its pattern, else the
 * one without a pattern answers. Throws `TemplateError` for what it doesn't know, a body among it.
 */
export function readMock(
  integration: Readonly<Record<string, unknown>>,
  binaryMediaTypes: readonly string[],
): (call: GatewayCall) => Answer | ResponseType {
  const {
    ContentHandling: handling,
    RequestTemplates = {},
    IntegrationResponses: responses = [],
  } = integration as MockIntegration;
  const template = RequestTemplates['application/json'] ?? '';
  const status = /^\s*\{\s*"?statusCode"?\s*:\s*(\d{3})\s*\}\s*$/.exec(template)?.[1];
  if (status === undefined)
    throw new TemplateError(`the local gateway can't read the MOCK request template ${template}`);
  const response =
    responses.find(({ SelectionPattern: pattern }) => pattern && new RegExp(`^(?:${pattern})$`).test(status)) ??
    responses.find(({ SelectionPattern: pattern }) => !pattern);
  if (response === undefined) throw new TemplateError(`a MOCK integration has no response for ${status}`);
  for (const member of responses.flatMap((each) => Object.keys(each))) {
    if (!RESPONSE_MEMBERS.includes(member))
      throw new TemplateError(`the local gateway does not know a MOCK's ${member}`);
  }
  // The template is not read for a body that is binary, and with */* every body is.
  if (binaryMediaTypes.includes('*/*') && handling !== 'CONVERT_TO_TEXT') return () => 'API_CONFIGURATION_ERROR';
  const headersOf = mappedHeaders(response.ResponseParameters ?? {}, 'method.response.header.');
  return (call) => ({ status: Number(response.StatusCode), headers: headersOf(call), body: '' });
}
