import fc from 'fast-check';
import {
  isLongTermAccessKeyId,
  readCallerIdentity,
  readCallerIdentityXml,
} from '#lambda/admin-login/caller-identity.ts';

const OWN = { partition: 'aws', accountId: '123456789012' };
const ARN = 'arn:aws:iam::123456789012:user/alice';
const USER_ID = 'AIDAABCDEFGHIJKLMNOPQ';
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const MEMBERS = `<Arn>${ARN}</Arn><UserId>${USER_ID}</UserId><Account>123456789012</Account>`;
const RESULT = `<GetCallerIdentityResult>${MEMBERS}</GetCallerIdentityResult>`;
const METADATA = '<ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata>';
const responseOf = (content: string, open = `GetCallerIdentityResponse xmlns="${NAMESPACE}"`): string =>
  `<${open}>${content}</GetCallerIdentityResponse>`;
const RESPONSE = responseOf(RESULT + METADATA);
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
/** In the result of an otherwise good answer. */
const withMembers = (members: string): string =>
  responseOf(`<GetCallerIdentityResult>${members}</GetCallerIdentityResult>${METADATA}`);
const mallory = 'arn:aws:iam::123456789012:user/mallory';

function userOf(xml: string): string | undefined {
  const read = readCallerIdentityXml(xml);
  const user = read.ok ? readCallerIdentity(read.value, OWN) : read;
  return user.ok ? user.value.userName : undefined;
}

test.each([
  ['as AWS documents it', RESPONSE],
  ['with a declaration and line breaks', `${DECLARATION}\n${RESPONSE.replaceAll('><', '>\r\n\t<')}\n`],
  ['without metadata', responseOf(RESULT)],
  ['with the metadata first', responseOf(METADATA + RESULT)],
  ['with the members in another order', withMembers(MEMBERS.replace(/^(<Arn>.*<\/Arn>)(.*)$/, '$2$1'))],
])('an answer %s vouches for its user', (_name, xml) => {
  expect(userOf(xml)).toBe('alice');
});

test.each<[string, string]>([
  ['nothing', ''],
  ['an element alone', '<GetCallerIdentityResponse/>'],
  ['no namespace', responseOf(RESULT, 'GetCallerIdentityResponse')],
  ['another namespace', responseOf(RESULT, 'GetCallerIdentityResponse xmlns="https://evil.example/"')],
  ['the namespace without its slash', RESPONSE.replace('06-15/"', '06-15"')],
  ['two namespaces', RESPONSE.replace('xmlns', 'xmlns="https://evil.example/" xmlns')],
  ['another attribute', RESPONSE.replace(' xmlns', ' a="b" xmlns')],
  ['a prefix', RESPONSE.replaceAll('<Arn', '<s:Arn').replaceAll('</Arn', '</s:Arn')],
  ["a namespace of a member's own", RESPONSE.replace('<Arn>', '<Arn xmlns="https://evil.example/">')],
  ['an attribute of a member', RESPONSE.replace('<Arn>', '<Arn a="b">')],
  ["another operation's answer", RESPONSE.replaceAll('GetCallerIdentityResponse', 'AssumeRoleResponse')],
  ["another operation's result", RESPONSE.replaceAll('GetCallerIdentityResult', 'AssumeRoleResult')],
  ['names in another case', RESPONSE.replaceAll('Arn>', 'arn>')],
  ['an answer within an answer', responseOf(RESPONSE)],
  ['an answer after an answer', RESPONSE + RESPONSE],
  ['two results', responseOf(RESULT + RESULT)],
  ['two results of different users', responseOf(RESULT + RESULT.replace(ARN, mallory))],
  ['a result within the metadata', responseOf(`<ResponseMetadata>${RESULT}</ResponseMetadata>`)],
  ['a result within a result', withMembers(RESULT)],
  ['the members beside the result', responseOf(`<GetCallerIdentityResult></GetCallerIdentityResult>${MEMBERS}`)],
  ['the members in the metadata alone', responseOf(`<ResponseMetadata>${MEMBERS}</ResponseMetadata>`)],
  ['no result', responseOf(METADATA)],
  ['an unknown element beside the result', responseOf(`${RESULT}<Other></Other>`)],
  ['an unknown member of the result', withMembers(`${MEMBERS}<Other>x</Other>`)],
  ['a second Arn', withMembers(`${MEMBERS}<Arn>${mallory}</Arn>`)],
  ['a second Arn that is the same', withMembers(`${MEMBERS}<Arn>${ARN}</Arn>`)],
  ['a second Account', withMembers(`<Account>210987654321</Account>${MEMBERS}`)],
  ['no Account', withMembers(MEMBERS.replace(/<Account>.*/, ''))],
  ['a member in place of another', withMembers(MEMBERS.replaceAll('Account', 'account'))],
  ['an element within a member', RESPONSE.replace(ARN, `<Arn>${ARN}</Arn>`)],
  ['a member that does not end', RESPONSE.replace('</Arn>', '')],
  ['members that overlap', RESPONSE.replace('</Arn><UserId>', '<UserId></Arn>')],
  ['a comment', RESPONSE.replace('<Arn>', '<!-- --><Arn>')],
  ['a comment within a member', RESPONSE.replace('alice', 'alice<!-- -->')],
  ['the answer within a comment', responseOf(`<!--${RESULT}-->`)],
  ['CDATA', RESPONSE.replace(ARN, `<![CDATA[${ARN}]]>`)],
  ['CDATA around the members', withMembers(`<![CDATA[${MEMBERS}]]>`)],
  ['a character reference', RESPONSE.replace('alice', '&#97;lice')],
  ['an entity of XML', RESPONSE.replace('alice', 'alice&amp;')],
  ['a document type', `<!DOCTYPE a>${RESPONSE}`],
  ['a document type after the declaration', `${DECLARATION}<!DOCTYPE a [<!ENTITY b "c">]>${RESPONSE}`],
  ['an entity of its own', `<!DOCTYPE a [<!ENTITY b "alice">]>${RESPONSE.replace('alice', '&b;')}`],
  ['a processing instruction', `<?a b?>${RESPONSE}`],
  ['a processing instruction within', RESPONSE.replace('<Arn>', '<?a?><Arn>')],
  ['two declarations', DECLARATION + DECLARATION + RESPONSE],
  ['a declaration after white space', ` ${DECLARATION}${RESPONSE}`],
  ['a declaration of another version', RESPONSE.replace(/^/, '<?xml version="1.1"?>')],
  ['a declaration of another encoding', RESPONSE.replace(/^/, '<?xml version="1.0" encoding="UTF-7"?>')],
  ['a byte order mark', `\uFEFF${RESPONSE}`],
  ['a byte order mark within', RESPONSE.replace('<Arn>', '\uFEFF<Arn>')],
  ['a no-break space between elements', RESPONSE.replace('<Arn>', '\u00A0<Arn>')],
  ['text between elements', RESPONSE.replace('<Arn>', 'x<Arn>')],
  ['text before', `x${RESPONSE}`],
  ['text after', `${RESPONSE}x`],
  ['white space in a member', RESPONSE.replace(ARN, ` ${ARN}`)],
  ['a line break in a member', RESPONSE.replace('alice', 'alice\n')],
  ['a NUL in a member', RESPONSE.replace('alice', 'alice\0')],
  ['another account', RESPONSE.replaceAll('123456789012', '210987654321')],
  ['a role', RESPONSE.replace(ARN, 'arn:aws:sts::123456789012:assumed-role/admin/alice')],
  ['the JSON of the same', JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult: {} } })],
])('refuses %s', (_name, xml) => {
  expect(userOf(xml)).toBeUndefined();
});

test('refuses an answer that is cut short, or that has markup more, wherever that is', () => {
  for (let at = 0; at < RESPONSE.length; at += 1) {
    expect(userOf(RESPONSE.slice(0, at))).toBeUndefined();
    for (const markup of ['<', '>', '&', '</', '/>', '<a>', '<a/>', ']]>', '<!---->', '<?a?>'])
      expect([markup, at, userOf(RESPONSE.slice(0, at) + markup + RESPONSE.slice(at))]).toEqual([
        markup,
        at,
        undefined,
      ]);
  }
});

test('refuses anything else up to 8 KiB without throwing', () => {
  fc.assert(fc.property(fc.string(), (text) => void readCallerIdentityXml(text)));
  const hostile = ['<', '<a>', ' ', '<Arn></Arn>', '<ResponseMetadata>', '<a></a>\n'].map((part) =>
    responseOf(part.repeat(Math.floor(8_000 / part.length))),
  );
  for (const text of hostile) expect(readCallerIdentityXml(text).ok).toBe(false);
});

test.each([
  ['AKIAABCDEFGHIJKLMNOP', true],
  ['AKIA0189ABCDEFGHIJKL', true],
  [`AKIA${'0'.repeat(12)}`, true],
  [`AKIA${'0'.repeat(28)}`, true],
  [`AKIA${'0'.repeat(11)}`, false],
  [`AKIA${'0'.repeat(29)}`, false],
  ['ASIAABCDEFGHIJKLMNOP', false],
  ['AKIAABCDEFGHIJKLMNOp', false],
  ['AKIAABCDEFGHIJKLMN/P', false],
  ['AKIAABCDEFGHIJKLMNOP\n', false],
])('%j is the id of a long-term access key: %s', (id, expected) => {
  expect(isLongTermAccessKeyId(id)).toBe(expected);
});

test.each([
  ['AIDA0189ABCDEFGHIJKLM', 'alice'],
  [`AIDA${'9'.repeat(11)}`, undefined],
  [`AIDA${'9'.repeat(29)}`, undefined],
  ['AROAABCDEFGHIJKLMNOPQ', undefined],
  ['AIDAABCDEFGHIJKLMNOPq', undefined],
])('the user id %s vouches for %s', (userId, expected) => {
  expect(userOf(RESPONSE.replace(USER_ID, userId))).toBe(expected);
});
