import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { callerAddress, networkOf } from '#lambda/platform/caller-address.ts';

const MARK = '0f1e2d3c-0000-4000-8000-0123456789ab';
const EDGE = '130.176.0.9';
const VIEWER = '203.0.113.7';

const eventOf = (headers: Record<string, string[]> | null, sourceIp = EDGE): APIGatewayProxyEvent =>
  ({ multiValueHeaders: headers, requestContext: { identity: { sourceIp } } }) as unknown as APIGatewayProxyEvent;
const marked = { 'X-Widget-Gate-Edge': [MARK] };

describe('a call by way of CloudFront counts for the viewer', () => {
  test.each<[string, Record<string, string[]>, string]>([
    ['whose address CloudFront appended', { 'X-Forwarded-For': [`${VIEWER}, ${EDGE}`] }, VIEWER],
    ['where API Gateway appended nothing', { 'X-Forwarded-For': [VIEWER] }, VIEWER],
    ['in lower case, with tabs and without spaces', { 'x-forwarded-for': [`1.2.3.4,\t${VIEWER},${EDGE}`] }, VIEWER],
    ['who forged the header', { 'X-Forwarded-For': [`198.51.100.1, ${VIEWER}, ${EDGE}`] }, VIEWER],
    [
      'who forged it with the address of the edge',
      { 'X-Forwarded-For': [`${EDGE}, ${EDGE}, ${VIEWER}, ${EDGE}`] },
      VIEWER,
    ],
    ['who forged a second header', { 'X-Forwarded-For': ['198.51.100.1', `${VIEWER}, ${EDGE}`] }, VIEWER],
    ['who forged junk', { 'X-Forwarded-For': [`<script>, ,, ${VIEWER}, ${EDGE}`] }, VIEWER],
    [
      'who sends other headers of the kind',
      { 'X-Forwarded-For': [`${VIEWER}, ${EDGE}`], Forwarded: ['for=198.51.100.1'], 'X-Real-IP': ['198.51.100.1'] },
      VIEWER,
    ],
    ['at an IPv6 address', { 'X-Forwarded-For': [`2001:db8:1:2:3:4:5:6, ${EDGE}`] }, '2001:db8:1:2::/64'],
  ])('%s', (_name, headers, address) => {
    expect(callerAddress(eventOf({ ...marked, ...headers }), MARK)).toBe(address);
  });

  test.each<[string, Record<string, string[]>]>([
    ['has no such header', {}],
    ['has an empty one', { 'X-Forwarded-For': [''] }],
    ['has the edge alone in it', { 'X-Forwarded-For': [EDGE] }],
    ['has no address before the edge', { 'X-Forwarded-For': [`${VIEWER}, unknown, ${EDGE}`] }],
    ['has a port behind the address', { 'X-Forwarded-For': [`${VIEWER}:443, ${EDGE}`] }],
  ])('but for the edge where the call %s', (_name, headers) => {
    expect(callerAddress(eventOf({ ...marked, ...headers }), MARK)).toBe(EDGE);
  });
});

describe('refuses to believe a header, and counts the address that connected, where', () => {
  const forged = { 'X-Forwarded-For': [`198.51.100.1, ${EDGE}`] };
  test.each<[string, Record<string, string[]> | null]>([
    ['no mark was sent', forged],
    ['the mark is wrong', { ...forged, 'X-Widget-Gate-Edge': [MARK.replace('0f', '1f')] }],
    ['the mark is empty', { ...forged, 'X-Widget-Gate-Edge': [''] }],
    ['the mark has a blank', { ...forged, 'X-Widget-Gate-Edge': [`${MARK} `] }],
    ['the mark was sent twice', { ...forged, 'X-Widget-Gate-Edge': [MARK, MARK] }],
    ['the mark was sent in two spellings', { ...forged, ...marked, 'x-widget-gate-edge': ['x'] }],
    ['two marks are joined', { ...forged, 'X-Widget-Gate-Edge': [`${MARK}, ${MARK}`] }],
    ['the mark says that there is none', { ...forged, 'X-Widget-Gate-Edge': ['undefined'] }],
    ['there are no headers', null],
  ])('%s', (_name, headers) => {
    expect(callerAddress(eventOf(headers), MARK)).toBe(EDGE);
  });

  test('it is made up in any way, without the mark', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => {
        expect(callerAddress(eventOf({ 'X-Forwarded-For': values }), MARK)).toBe(EDGE);
      }),
    );
  });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:ffff::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ['2001:0db8:0000:0001:0000:0000:0000:0001', '2001:db8:0:1::/64'],
  ['::', '0:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['', ''],
  ['junk', 'junk'],
])('the address %j counts as %j', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('all addresses of one /64 count as one, and those of two do not', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      fc.pre(network.some((part) => part !== '0'));
      expect(networkOf([...network, ...one].join(':'))).toBe(networkOf([...network, ...other].join(':')));
      fc.pre(network.join(':') !== other.join(':'));
      expect(networkOf([...network, ...one].join(':'))).not.toBe(networkOf([...other, ...one].join(':')));
    }),
  );
});
