import type { APIGatewayProxyEvent } from 'aws-lambda';
import { presentedSession, readExchange } from '#lambda/analytics/session-calls.ts';

const NAME = '__Host-widget-gate-session';
const PAGE = 'https://app.example.com';
const eventOf = (multiValueHeaders: object, body: string | null = null): APIGatewayProxyEvent =>
  ({ multiValueHeaders, multiValueQueryStringParameters: null, body }) as unknown as APIGatewayProxyEvent;
const marked = { 'X-Requested-With': ['fetch'], Origin: [PAGE] };

describe('the session that a call presents', () => {
  test.each<[string, object, object]>([
    ['its cookie', { ...marked, Cookie: [`a=b; ${NAME}=text; c=d`] }, { mode: 'cookie', text: 'text' }],
    [
      'its cookie in a second header',
      { ...marked, Cookie: ['a=b'], cookie: [`${NAME}=text`] },
      { mode: 'cookie', text: 'text' },
    ],
    ['a cookie whose value has an =', { ...marked, Cookie: [`${NAME}=a=b`] }, { mode: 'cookie', text: 'a=b' }],
    ['its bearer value', { Origin: [PAGE], Authorization: ['Bearer text'] }, { mode: 'token', text: 'text' }],
    [
      'its bearer value before its cookie',
      { ...marked, Cookie: [`${NAME}=c`], authorization: ['text'] },
      { mode: 'token', text: 'text' },
    ],
  ])('is %s', (_name, headers, presented) => {
    expect(presentedSession(eventOf(headers))).toStrictEqual({ ...presented, origins: [PAGE] });
  });

  test.each<[string, object]>([
    ['nothing', marked],
    ['a cookie without X-Requested-With', { Origin: [PAGE], Cookie: [`${NAME}=text`] }],
    ['the cookie twice in a header', { ...marked, Cookie: [`${NAME}=text; ${NAME}=text`] }],
    ['the cookie twice without a space', { ...marked, Cookie: [`${NAME}=text;${NAME}=evil`] }],
    ['the cookie in two headers', { ...marked, Cookie: [`${NAME}=text`, `${NAME}=text`] }],
    ['the cookie in two spellings of the header', { ...marked, Cookie: [`${NAME}=text`], cookie: [`${NAME}=`] }],
    ['a cookie of another case', { ...marked, Cookie: [`${NAME.toUpperCase()}=text`] }],
    ['a cookie with a longer name', { ...marked, Cookie: [`x${NAME}=text; ${NAME}2=text`] }],
    ['the name without a value', { ...marked, Cookie: [NAME] }],
    ["the administrator's cookie", { ...marked, Cookie: ['__Host-widget-gate-admin=text'] }],
    ['an empty Authorization beside a cookie', { ...marked, Cookie: [`${NAME}=text`], Authorization: [''] }],
    ['another scheme beside a cookie', { ...marked, Cookie: [`${NAME}=text`], Authorization: ['Basic YTpi'] }],
    ['two Authorization headers', { Authorization: ['text', 'text'] }],
  ])('is not one with %s', (_name, headers) => {
    expect(presentedSession(eventOf(headers))).toBeUndefined();
  });
});

describe('an exchange', () => {
  const authorized = { Authorization: ['temp'], Origin: [PAGE] };

  test.each([
    [null, 'cookie'],
    ['', 'cookie'],
    ['{}', 'cookie'],
    ['{"mode":"cookie"}', 'cookie'],
    ['{"mode":"token"}', 'token'],
  ])('with the body %j begins a session as a %s', (body, mode) => {
    expect(readExchange(eventOf(authorized, body))).toStrictEqual({
      ok: true,
      value: { mode, text: 'temp', origins: [PAGE] },
    });
  });

  test.each([
    ['null', 'invalid_json'],
    ['[]', 'invalid_json'],
    ['"token"', 'invalid_json'],
    ['{', 'invalid_json'],
    [' ', 'invalid_json'],
    ['{"mode":"cookie","mode":"token"}', 'invalid_json'],
    ['{"__proto__":{"mode":"token"}}', 'invalid_json'],
    ['{"mode":"Token"}', 'invalid_request'],
    ['{"mode":null}', 'invalid_request'],
    ['{"mode":["token"]}', 'invalid_request'],
    ['{"mode":"toString"}', 'invalid_request'],
    ['{"mode":"token","more":1}', 'invalid_request'],
  ])('refuses the body %j: %s', (body, reason) => {
    expect(readExchange(eventOf(authorized, body))).toMatchObject({ ok: false, reason });
  });

  test.each([
    ['{"mode":null}', 'Body member "mode" must be cookie or token.'],
    ['{"mode":"token","more":1}', 'Body member "more" is unknown; allowed are "mode".'],
  ])('says what is wrong with the body %j', (body, detail) => {
    expect(readExchange(eventOf(authorized, body))).toMatchObject({ detail });
  });

  test.each([[[]], [['']], [['a', 'a']], [['Basic YTpi']], [['a b']]])('refuses the Authorization %j', (values) => {
    const cookie = { Cookie: [`${NAME}=temp`], 'X-Requested-With': ['fetch'] };
    expect(readExchange(eventOf({ ...cookie, Authorization: values }))).toEqual({
      ok: false,
      reason: 'invalid_temp_token',
    });
  });
});
