import type { APIGatewayProxyEvent } from 'aws-lambda';
import { isSameSite } from '#lambda/admin-login/same-site.ts';

type Headers = Record<string, string[]>;

const HOST = 'abc123.execute-api.eu-west-1.amazonaws.com';
const OWN = { Origin: [`https://${HOST}`] };
/** The page's own origin where a CDN is in front of the API. */
const CDN = { Origin: ['https://d111111abcdef8.cloudfront.net'] };
const EVIL = { Origin: ['https://evil.example'] };
const marked = (headers: Headers): Headers => ({ Host: [HOST], 'X-Requested-With': ['x'], ...headers });
const site = (...values: string[]): Headers => ({ 'Sec-Fetch-Site': values });

const isAllowed = (multiValueHeaders: Headers, httpMethod = 'POST'): boolean =>
  isSameSite({ httpMethod, multiValueHeaders } as unknown as APIGatewayProxyEvent);

test.each<[string, Headers]>([
  ['a page of the host itself', marked(OWN)],
  ['a page of the host itself whose browser says so', marked({ ...OWN, ...site('same-origin') })],
  ['a page behind a CDN', marked({ ...CDN, ...site('same-origin') })],
  ['a page behind a CDN, with headers in lower case', marked({ ...CDN, 'sec-fetch-site': ['same-origin'] })],
  ['the command line, which sends no Origin', marked({})],
  ['a local page', marked({ Host: ['127.0.0.1:8787'], Origin: ['http://127.0.0.1:8787'] })],
])('a change is allowed to %s', (_name, headers) => {
  expect(isAllowed(headers)).toBe(true);
});

test.each<[string, Headers]>([
  ['a page of another origin', marked(EVIL)],
  ['a page behind a CDN whose browser states no site', marked(CDN)],
  ['a page of another origin of the same site', marked({ ...CDN, ...site('same-site') })],
  ['a page of another site', marked({ ...EVIL, ...site('cross-site') })],
  ['a page of another site that sends no Origin', marked(site('cross-site'))],
  ['a page of another site at our own address', marked({ ...OWN, ...site('cross-site') })],
  ['what no page began', marked({ ...OWN, ...site('none') })],
  ['a site stated twice', marked({ ...CDN, ...site('same-origin', 'same-origin') })],
  [
    'a site stated twice, each its own way',
    marked({ ...CDN, ...site('same-origin'), 'sec-fetch-site': ['cross-site'] }),
  ],
  ['two sites in one line', marked({ ...CDN, ...site('same-origin, cross-site') })],
  ['a site in capitals', marked({ ...CDN, ...site('Same-Origin') })],
  ['a site with white space', marked({ ...CDN, ...site(' same-origin') })],
  ['an empty site', marked({ ...OWN, ...site('') })],
  ['two Origins', marked({ Origin: [`https://${HOST}`, `https://${HOST}`] })],
  ['the Origin null', marked({ Origin: ['null'] })],
  ['its own host over another scheme', marked({ Origin: [`http://${HOST}`] })],
  ['a call with two hosts', marked({ ...OWN, Host: [HOST, HOST] })],
  ["a form behind a CDN, which can't send X-Requested-With", { Host: [HOST], ...CDN, ...site('same-origin') }],
  ['a form of the host itself', { Host: [HOST], ...OWN }],
])('refuses a change by %s', (_name, headers) => {
  expect(isAllowed(headers)).toBe(false);
});

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', ''])('%j counts as a change', (method) => {
  expect(isAllowed({ Host: [HOST], ...EVIL }, method)).toBe(false);
});

test.each(['GET', 'HEAD'])('%s changes nothing, for any caller', (method) => {
  expect(isAllowed({ Host: [HOST], ...EVIL, ...site('cross-site') }, method)).toBe(true);
});
