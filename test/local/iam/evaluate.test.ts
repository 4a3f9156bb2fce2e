import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { type AccessRequest, evaluateAccess } from '#local/iam/evaluate.ts';
import type { PolicyDocument, PolicyStatement } from '#local/model.ts';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/session`;
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/shops`;
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:ring-AbCdEf`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/8b0c7f3e-0000-4000-8000-000000000001`;
const VIA = 'secretsmanager.eu-west-1.amazonaws.com';

interface Case {
  readonly action: string;
  readonly resource: string;
  readonly identity: readonly PolicyStatement[];
  readonly resourcePolicy?: readonly PolicyStatement[] | undefined;
  readonly context?: Readonly<Record<string, string>>;
}

const document = (Statement: readonly PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

function ours({ action, resource, identity, resourcePolicy, context = {} }: Case): boolean {
  const request: AccessRequest = {
    principalArns: [SESSION, ROLE],
    accountId: ACCOUNT,
    action,
    resource,
    context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value]])),
  };
  const policies = {
    identity: [document(identity)],
    resource: resourcePolicy && document(resourcePolicy),
    resourceMustAgree: action.startsWith('kms:'),
  };
  return evaluateAccess(policies, request).allowed;
}

async function oracle({ action, resource, identity, resourcePolicy, context = {} }: Case): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: SESSION,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...context },
      },
      identityPolicies: [{ name: 'identity', policy: document(identity) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy && { resourcePolicy: document(resourcePolicy) }),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
}

const allow = (Action: string | string[], Resource: string | string[], Condition?: object): PolicyStatement =>
  ({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }) as PolicyStatement;
const deny = (Action: string, Resource: string, Condition?: object): PolicyStatement => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});
const by = (Principal: unknown, statement: PolicyStatement): PolicyStatement => ({ ...statement, Principal });

const getItem = (...identity: PolicyStatement[]): Case => ({ action: 'dynamodb:GetItem', resource: TABLE, identity });
const getSecret = (identity: PolicyStatement[], resourcePolicy: PolicyStatement[]): Case => ({
  action: 'secretsmanager:GetSecretValue',
  resource: SECRET,
  identity,
  resourcePolicy,
});
const decrypt = (identity: PolicyStatement[], resourcePolicy: PolicyStatement[], context = {}): Case => ({
  action: 'kms:Decrypt',
  resource: KEY,
  identity,
  resourcePolicy,
  context,
});
const via = (service: string): object => ({ StringEquals: { 'kms:ViaService': service } });
const toAccount = by(ROOT, allow('kms:*', '*'));

const cases: readonly (readonly [string, boolean, Case])[] = [
  ['nothing is allowed by default', false, getItem()],
  ['an allow of action and resource', true, getItem(allow('dynamodb:GetItem', TABLE))],
  ['another action', false, getItem(allow('dynamodb:PutItem', TABLE))],
  ['another table', false, getItem(allow('dynamodb:GetItem', `${TABLE}2`))],
  ['an action in another case', true, getItem(allow('DynamoDB:getitem', TABLE))],
  ['an action wildcard', true, getItem(allow('dynamodb:Get*', '*'))],
  ['one character for each question mark', true, getItem(allow('dynamodb:GetIte?', `${TABLE.slice(0, -1)}?`))],
  ['no character for a question mark', false, getItem(allow('dynamodb:GetItem?', '*'))],
  ['the index of a table is not the table', false, getItem(allow('dynamodb:GetItem', `${TABLE}/index/*`))],
  ['an explicit deny beats an allow', false, getItem(allow('*', '*'), deny('dynamodb:GetItem', TABLE))],
  ['a deny of something else', true, getItem(allow('*', '*'), deny('dynamodb:GetItem', `${TABLE}2`))],
  ['NotAction covers the rest', true, getItem({ Effect: 'Allow', NotAction: 'dynamodb:PutItem', Resource: '*' })],
  ['NotAction leaves its own out', false, getItem({ Effect: 'Allow', NotAction: 'dynamodb:Get*', Resource: '*' })],
  ['NotResource covers the rest', true, getItem({ Effect: 'Allow', Action: '*', NotResource: `${TABLE}2` })],
  ['NotResource leaves its own out', false, getItem({ Effect: 'Allow', Action: '*', NotResource: TABLE })],
  [
    'a resource policy that names the session',
    true,
    getSecret([], [by({ AWS: SESSION }, allow('secretsmanager:GetSecretValue', '*'))]),
  ],
  ['a resource policy that names the role', true, getSecret([], [by({ AWS: [ROLE] }, allow('secretsmanager:*', '*'))])],
  [
    'a resource policy for the account leaves the say to it',
    false,
    getSecret([], [by(ROOT, allow('secretsmanager:*', '*'))]),
  ],
  ['a resource policy that denies all', false, getSecret([allow('*', '*')], [by('*', deny('secretsmanager:*', '*'))])],
  [
    'a resource policy that denies the account',
    false,
    getSecret([allow('*', '*')], [by(ROOT, deny('secretsmanager:*', '*'))]),
  ],
  [
    'a resource policy for others',
    true,
    getSecret([allow('*', '*')], [by({ Service: 'lambda.amazonaws.com' }, deny('secretsmanager:*', '*'))]),
  ],
  ['a key policy that hands over to the account', true, decrypt([allow('kms:Decrypt', KEY)], [toAccount])],
  ['a key policy alone is not enough', false, decrypt([], [toAccount])],
  [
    'an identity policy alone is not enough for a key',
    false,
    decrypt([allow('kms:*', '*')], [by({ AWS: `arn:aws:iam::${ACCOUNT}:role/other` }, allow('kms:*', '*'))]),
  ],
  ['a key policy that names the role', true, decrypt([], [by({ AWS: ROLE }, allow('kms:Decrypt', '*'))])],
  [
    'a key through the right service',
    true,
    decrypt([allow('kms:Decrypt', KEY, via(VIA))], [toAccount], { 'kms:ViaService': VIA }),
  ],
  [
    'a key through another service',
    false,
    decrypt([allow('kms:Decrypt', KEY, via(VIA))], [toAccount], {
      'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com',
    }),
  ],
  ['a key used directly', false, decrypt([allow('kms:Decrypt', KEY, via(VIA))], [toAccount])],
];

test.each(cases)('%s: %s, and the oracle agrees', async (_name, allowed, wanted) => {
  expect(ours(wanted)).toBe(allowed);
  expect(await oracle(wanted)).toBe(allowed);
});

// Without the oracle, which drops kms:EncryptionContext:<name> from a request's context before it judges.
test.each([
  [SECRET, true],
  [`${SECRET}2`, false],
])('a condition on the encryption context, %s: %s', (value, allowed) => {
  const condition = { StringEquals: { 'kms:EncryptionContext:SecretARN': value } };
  const context = { 'kms:EncryptionContext:SecretARN': SECRET };
  expect(ours(decrypt([allow('kms:Decrypt', KEY, condition)], [toAccount], context))).toBe(allowed);
});

const OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
];
const ARN_OPERATORS = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'];
const condition = fc.oneof(
  fc.record({
    operator: fc.constantFrom(...OPERATORS, ...OPERATORS.map((name) => `${name}IfExists`)),
    key: fc.constantFrom('kms:ViaService', 'aws:RequestedRegion'),
    values: fc.uniqueArray(fc.constantFrom('a', 'A', 'a*', '?', 'b'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    operator: fc.constantFrom(...ARN_OPERATORS, ...ARN_OPERATORS.map((name) => `${name}IfExists`)),
    key: fc.constant('aws:PrincipalArn'),
    values: fc.uniqueArray(fc.constantFrom(ROLE, `arn:aws:iam::*:role/*`, `arn:aws:iam::${ACCOUNT}:*`), {
      minLength: 1,
    }),
  }),
  fc.record({
    operator: fc.constantFrom('Bool', 'BoolIfExists', 'Null'),
    key: fc.constant('aws:SecureTransport'),
    values: fc.constantFrom(['true'], ['false']),
  }),
);
const statement = fc.record({
  effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  action: fc.constantFrom('kms:Decrypt', 'kms:*', 'KMS:d*', 'kms:Encrypt', '*'),
  negateAction: fc.boolean(),
  resource: fc.constantFrom(KEY, '*', `arn:aws:kms:*:${ACCOUNT}:key/*`, `arn:aws:kms:eu-west-?:*:key/8*`, `${KEY}x`),
  negateResource: fc.boolean(),
  conditions: fc.uniqueArray(condition, { maxLength: 2, selector: ({ operator }) => operator }),
});
type Drawn = typeof statement extends fc.Arbitrary<infer Value> ? Value : never;

const build = ({ effect, action, negateAction, resource, negateResource, conditions }: Drawn): PolicyStatement =>
  ({
    Effect: effect,
    [negateAction ? 'NotAction' : 'Action']: action,
    [negateResource ? 'NotResource' : 'Resource']: resource,
    ...(conditions.length > 0 && {
      Condition: Object.fromEntries(conditions.map(({ operator, key, values }) => [operator, { [key]: values }])),
    }),
  }) as unknown as PolicyStatement;

const contexts = fc.record(
  {
    'kms:ViaService': fc.constantFrom('a', 'A', 'ab', 'b', ''),
    'aws:RequestedRegion': fc.constantFrom('a', 'b'),
    'aws:SecureTransport': fc.constantFrom('true', 'false'),
    'aws:PrincipalArn': fc.constantFrom(ROLE, `arn:aws:iam::${ACCOUNT}:user/x`),
  },
  { requiredKeys: [] },
);

test('any identity policy is judged as the oracle judges it', async () => {
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 3 }), contexts, async (drawn, context) => {
      const wanted = decrypt(drawn.map(build), [toAccount], context);
      expect(ours(wanted)).toBe(await oracle(wanted));
      seen.add(ours(wanted));
    }),
    { numRuns: 400 },
  );
  expect(seen.size).toBe(2);
});

const members = (Condition: object): Case => getItem(allow('*', '*', Condition));

test.each([
  ['an unknown operator', members({ DateLessThan: { 'aws:CurrentTime': '2030-01-01' } }), 'DateLessThan'],
  ['an unknown quantifier', members({ 'ForSome:StringEquals': { 'aws:PrincipalArn': 'x' } }), 'ForSome'],
  ['a policy variable', getItem(allow('*', `${TABLE.slice(0, -5)}\${aws:username}`)), 'policy variables'],
  ['an incomplete ARN', getItem(deny('*', 'arn:aws:dynamodb:*')), 'incomplete ARN'],
  ['an unknown member', getItem({ ...allow('*', '*'), Surprise: 1 } as never), 'Surprise'],
  ['an unknown kind of principal', getSecret([], [by({ Federated: 'x' }, allow('*', '*'))]), 'Federated'],
  ['an unknown form of principal', getSecret([], [by(undefined, allow('*', '*'))]), 'principal'],
])('fails on %s instead of guessing', (_name, wanted, message) => {
  expect(() => ours(wanted)).toThrow(message);
});

test.each([
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
  ['ForAllValues:StringEquals', ['a'], ['a', 'b'], false],
  ['ForAllValues:StringEquals', ['a'], undefined, true],
  ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], true],
  ['ForAnyValue:StringEquals', ['a'], ['b'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringLike', ['a*'], ['b', 'ab'], true],
] as const)('%s of %j against %j is %s', (operator, wanted, actual, allowed) => {
  const policy = document([allow('*', '*', { [operator]: { 'aws:TagKeys': wanted } })]);
  const context = new Map(actual === undefined ? [] : [['aws:tagkeys', actual]]);
  const request = {
    principalArns: [SESSION],
    accountId: ACCOUNT,
    action: 'dynamodb:GetItem',
    resource: TABLE,
    context,
  };
  expect(evaluateAccess({ identity: [policy], resource: undefined, resourceMustAgree: false }, request).allowed).toBe(
    allowed,
  );
});
