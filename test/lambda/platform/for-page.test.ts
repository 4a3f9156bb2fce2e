import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type ErrorCode, errors } from '#contract/errors.ts';
import { forPage } from '#lambda/platform/chain.ts';
import { answer, refuse } from '#lambda/platform/responses.ts';

const PAGE = 'https://app.example.com';
const eventOf = (multiValueHeaders: Record<string, string[]>): APIGatewayProxyEvent =>
  ({ multiValueHeaders }) as unknown as APIGatewayProxyEvent;
const from = (...origins: string[]): APIGatewayProxyEvent => eventOf({ Origin: origins });

/** Every value of a header of an answer, as API Gateway merges the two members. */
const valuesOf = ({ headers = {}, multiValueHeaders = {} }: APIGatewayProxyResult, name: string): unknown[] => [
  ...Object.entries(headers).flatMap(([one, value]) => (one.toLowerCase() === name ? [value] : [])),
  ...Object.entries(multiValueHeaders).flatMap(([one, values]) => (one.toLowerCase() === name ? values : [])),
];

const readable = (answered: APIGatewayProxyResult) => ({
  origin: valuesOf(answered, 'access-control-allow-origin'),
  credentials: valuesOf(answered, 'access-control-allow-credentials'),
});
const FOR_THE_PAGE = { origin: [PAGE], credentials: ['true'] };
const FOR_ALL = { origin: ['*'], credentials: [] };

test('an answer names the page, says that it differs by page, and names the headers that it may read', () => {
  const answered = forPage(answer({}, 'request-1', { 'X-Session-Token': 't' }), from(PAGE));
  expect(readable(answered)).toEqual(FOR_THE_PAGE);
  expect(valuesOf(answered, 'vary')).toEqual(['Origin']);
  expect(valuesOf(answered, 'access-control-expose-headers')[0]).toMatch(/X-Request-Id.*X-Session-Token.*Retry-After/);
  expect(valuesOf(answered, 'x-session-token')).toEqual(['t']);
});

const codes = Object.keys(errors) as ErrorCode[];

test.each(codes.filter((code) => code !== 'origin_not_allowed'))('the refusal %s is readable for the page', (code) => {
  const answered = forPage(refuse(code, 'request-1'), from(PAGE));
  expect(readable(answered)).toEqual(FOR_THE_PAGE);
  expect(answered.statusCode).toBe(errors[code].status);
});

test('a page whose origin was refused gets the refusal without its cookie being allowed', () => {
  expect(readable(forPage(refuse('origin_not_allowed', 'request-1'), from('https://evil.example')))).toEqual(FOR_ALL);
});

test.each([
  ['no origin', {}],
  ['two origins', { Origin: [PAGE, 'https://evil.example'] }],
  ['two spellings of the header', { Origin: [PAGE], origin: ['https://evil.example'] }],
])('a call with %s names no page', (_name, multiValueHeaders) => {
  expect(readable(forPage(answer({}, 'request-1'), eventOf(multiValueHeaders)))).toEqual(FOR_ALL);
});

describe("an upstream's answer", () => {
  const upstream = (): APIGatewayProxyResult => ({
    statusCode: 200,
    multiValueHeaders: {
      'access-control-allow-origin': ['https://other.example'],
      'Access-Control-Allow-Credentials': ['false'],
      'access-control-expose-headers': ['*'],
      'access-control-max-age': ['9'],
      vary: ['Accept-Language', 'Origin'],
      'x-total': ['3'],
      'set-cookie': ['a=1', 'b=2'],
    },
    body: '',
  });

  test('gives its own CORS headers up for ours, which let its other headers be read', () => {
    const answered = forPage(upstream(), from(PAGE));
    expect(readable(answered)).toEqual(FOR_THE_PAGE);
    expect(valuesOf(answered, 'access-control-max-age')).toEqual([]);
    const [exposed, ...others] = valuesOf(answered, 'access-control-expose-headers');
    expect([exposed, others]).toEqual([expect.stringContaining('x-total'), []]);
    expect(exposed).not.toMatch(/\*|access-control/i);
  });

  test('keeps its other headers, cookies and what else it differs by', () => {
    const answered = forPage(upstream(), from(PAGE));
    expect(answered.multiValueHeaders).toMatchObject({ 'x-total': ['3'], 'set-cookie': ['a=1', 'b=2'] });
    expect(valuesOf(answered, 'vary').join(', ')).toBe('Accept-Language, Origin');
  });
});
