import { limits } from '#contract/limits.ts';
import { upstreamTimeoutMilliseconds } from '#lambda/forwarding/upstream-client.ts';

test('a stage states the time-out of its upstreams in seconds', () => {
  expect(upstreamTimeoutMilliseconds('7')).toBe(7_000);
  expect(upstreamTimeoutMilliseconds('0.5')).toBe(500);
  expect(upstreamTimeoutMilliseconds('25')).toBe(limits.maxUpstreamTimeoutMilliseconds);
});

test('without a variable the default of the contract holds', () => {
  expect(upstreamTimeoutMilliseconds(undefined)).toBe(limits.upstreamTimeoutMilliseconds);
});

test.each(['', '0', '-1', '25.1', '1e9', 'Infinity', 'NaN', 'ten'])('refuses "%s" at INIT, by name', (text) => {
  expect(() => upstreamTimeoutMilliseconds(text)).toThrow('WIDGET_GATE_UPSTREAM_TIMEOUT_SECONDS must be a number');
});
