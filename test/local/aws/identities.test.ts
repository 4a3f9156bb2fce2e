import { CreateUserCommand, GetGroupCommand, paginateGetGroup } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, groupArn } from './support/deployment.ts';
import { clientsAs, clientsOf, closeAll, startTestAws } from './support/host.ts';

afterEach(closeAll);

test('a role session gets its own ARN, with the name of its function', async () => {
  const { sts } = clientsOf(await startTestAws());
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Owner/greeter`,
    UserId: expect.stringMatching(/^AROA[A-Z0-9]{17}:greeter$/),
  });
});

test('a user gets its own ARN and id, which stay with it when it is renamed, until its access key is removed', async () => {
  const aws = await startTestAws();
  const user = aws.users.create('alice');
  const key = aws.users.createAccessKey('alice');
  expect([user.userId, key.accessKeyId]).toEqual([
    expect.stringMatching(/^AIDA[A-Z0-9]{17}$/),
    expect.stringMatching(/^AKIA[A-Z0-9]{16}$/),
  ]);
  const { sts, iam } = clientsOf(aws, key);
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
    UserId: user.userId,
  });
  aws.users.rename('alice', 'bob');
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
    UserId: user.userId,
  });
  await expect(iam.send(new GetGroupCommand({ GroupName: 'Admins' }))).rejects.toMatchObject({ name: 'AccessDenied' });
  aws.users.removeAccessKey(key.accessKeyId);
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
    $metadata: { httpStatusCode: 403 },
  });
});

test('STS answers in JSON when asked to, errors too', async () => {
  const aws = await startTestAws();
  const answers: { status: number; body: string }[] = [];
  for (const credentials of [undefined, { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' }]) {
    const { sts } = credentials === undefined ? clientsOf(aws) : clientsOf(aws, credentials);
    sts.middlewareStack.add(
      (next) => (args) => {
        (args as unknown as { request: { headers: Record<string, string> } }).request.headers.accept =
          'application/json';
        return next(args);
      },
      { step: 'build' },
    );
    sts.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { statusCode: number; body: AsyncIterable<Buffer> };
        const chunks: Buffer[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        answers.push({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
        throw new Error('read');
      },
      { step: 'deserialize', priority: 'low' },
    );
    await sts.send(new GetCallerIdentityCommand({})).catch(() => undefined);
  }
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
    GetCallerIdentityResponse: { GetCallerIdentityResult: { Account: ACCOUNT } },
  });
  expect(answers[1]?.status).toBe(403);
  expect(JSON.parse(answers[1]?.body ?? '')).toMatchObject({ Error: { Code: 'InvalidClientTokenId' } });
});

test('a group is listed in full, page by page', async () => {
  const aws = await startTestAws();
  const names = ['ann', 'bob', 'cy', 'dee', 'eve'];
  for (const name of names) aws.users.create(name);
  for (const name of names.slice(1)) aws.users.addToGroup(name, 'Admins');
  aws.users.removeFromGroup('cy', 'Admins');
  const found: (string | undefined)[] = [];
  let pages = 0;
  for await (const { Users, Group } of paginateGetGroup(
    { client: clientsOf(aws).iam, pageSize: 2 },
    { GroupName: 'Admins' },
  )) {
    pages += 1;
    found.push(...(Users ?? []).map(({ UserName }) => UserName));
    expect(Group).toMatchObject({ Arn: groupArn, GroupId: expect.stringMatching(/^AGPA/) });
  }
  expect([pages, found.sort()]).toEqual([2, ['bob', 'dee', 'eve']]);
});

test('an empty group is an empty list', async () => {
  const { Users, IsTruncated } = await clientsOf(await startTestAws()).iam.send(
    new GetGroupCommand({ GroupName: 'Admins' }),
  );
  expect({ Users, IsTruncated }).toEqual({ Users: [], IsTruncated: false });
});

test('refuses GetGroup without permission on the group, and for a group that is not there', async () => {
  const aws = await startTestAws();
  await expect(clientsAs(aws, 'Nobody').iam.send(new GetGroupCommand({ GroupName: 'Admins' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/Nobody/local is not authorized to perform: iam:GetGroup on resource: ${groupArn} because no identity-based policy allows the iam:GetGroup action`,
  });
  const other = clientsOf(aws).iam.send(new GetGroupCommand({ GroupName: 'Others' }));
  await expect(other).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('refuses operations that are not implemented', async () => {
  const { iam, sts } = clientsOf(await startTestAws());
  await expect(iam.send(new CreateUserCommand({ UserName: 'x' }))).rejects.toMatchObject({ name: 'InvalidAction' });
  await expect(
    sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::1:role/abcdefghijk', RoleSessionName: 'xx' })),
  ).rejects.toMatchObject({ name: 'InvalidAction' });
});

test('a user name is unique without regard to case, and a user created again is another user', async () => {
  const { users } = await startTestAws();
  const first = users.create('Alice');
  expect(() => users.create('alice')).toThrow('exists already');
  users.remove('Alice');
  expect(users.create('alice').userId).not.toBe(first.userId);
  expect(() => users.addToGroup('nobody', 'Admins')).toThrow('no IAM user');
});
