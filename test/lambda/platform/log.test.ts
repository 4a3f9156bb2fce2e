import { log, logAuditDelay, logCountFailure, logKeyUseFailure } from '#lambda/platform/log.ts';
import { DependencyError } from '#lambda/platform/stored.ts';

let written: string;
beforeEach(() => {
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

test('a line is JSON on a line of its own, with the time and the level, and without what is not known', () => {
  log('warn', { event: 'dev_key_used', shopId: 'shop_one' });
  expect(written).toMatch(/^\{[^\n]*\}\n$/);
  expect(JSON.parse(written)).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: 'WARN',
    event: 'dev_key_used',
    shopId: 'shop_one',
  });
});

test.each([
  ['audit_delayed', logAuditDelay],
  ['key_use_not_noted', logKeyUseFailure],
  ['call_not_counted', logCountFailure],
])("a failure that is not the caller's is logged as %s, by names alone", (event, logFailure) => {
  const cause = Object.assign(new Error('sk_live_secret'), { name: 'TimeoutError' });
  logFailure(new DependencyError('append failed for sk_live_secret', { cause }));
  expect(JSON.parse(written)).toMatchObject({
    level: 'ERROR',
    event,
    errorName: 'DependencyError',
    causeName: 'TimeoutError',
  });
  expect(written).not.toContain('secret');
});
