import { CallLog } from '#local/aws/call-log.ts';
import type { PolicyStatement } from '#local/model.ts';

const statement = (Sid: string): PolicyStatement => ({ Effect: 'Allow', Action: '*', Resource: '*', Sid });
const [one, other] = [statement('one'), statement('other')];

test('a statement is used by the calls that it alone allowed', () => {
  const log = new CallLog();
  log.addUse([one], 'dynamodb:GetItem', 'shops');
  expect(log.hasUsed(one, 'dynamodb:GetItem', 'shops')).toBe(true);
  expect(log.hasUsed(one, 'dynamodb:GetItem', 'keys')).toBe(false);
  expect(log.hasUsed(one, 'dynamodb:PutItem', 'shops')).toBe(false);
  expect(log.hasUsed(other, 'dynamodb:GetItem', 'shops')).toBe(false);
});

test('of two statements that allow the same call neither shows as needed, and a denied call needs none', () => {
  const log = new CallLog();
  log.addUse([one, other], 'dynamodb:GetItem', 'shops');
  log.addUse([], 'dynamodb:GetItem', 'shops');
  expect([one, other].map((granted) => log.hasUsed(granted, 'dynamodb:GetItem', 'shops'))).toEqual([false, false]);
});

test('a reset forgets what was used', () => {
  const log = new CallLog();
  log.addUse([one], 'dynamodb:GetItem', 'shops');
  log.reset();
  expect(log.hasUsed(one, 'dynamodb:GetItem', 'shops')).toBe(false);
});
