import { type Result, refusal, success } from '../crypto/result.ts';

/** Of STS's API, version 2011-06-15: the only namespace whose elements have the meaning we rely on. */
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const DECLARATION = /^<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")? ?\?>/;

/** The white space of XML: JavaScript's `\s` has more, a byte order mark among it. */
const GAP = '[ \\t\\r\\n]*';

/** A member with text of printable ASCII but `&`, `<` and `>`. */
const leaf = (name: number): string => `<(\\w{1,64})>([ -%'-;=?-~]*)</\\${name}>`;

const ROOT = new RegExp(
  `^${GAP}<GetCallerIdentityResponse xmlns="${NAMESPACE}">(.*)</GetCallerIdentityResponse>${GAP}$`,
  's',
);

const SECTION = new RegExp(
  `${GAP}<(GetCallerIdentityResult|ResponseMetadata)>((?:${GAP}${leaf(3)})*)${GAP}</\\1>${GAP}`,
  'y',
);

const LEAF = new RegExp(`${GAP}${leaf(1)}${GAP}`, 'y');
const IDENTITY_MEMBERS = ['Account', 'Arn', 'UserId'];

/**
 * Reads what STS answers to GetCallerIdentity where it answers XML, as some emulators of AWS always do, into the members that its JSON has.
 * This is not an XML parser: it knows the two elements of this one answer, each at most once, with text in their members. Everything that two
 * parsers could understand differently is refused: attributes, prefixes, other namespaces, comments, CDATA, entities, document types,
 * processing instructions, a byte order mark, repeated or unknown members. `text` must be bounded.
 */
export function readCallerIdentityXml(text: string): Result<ReadonlyMap<string, unknown>, 'invalid_xml'> {
  const [, inside] = ROOT.exec(text.replace(DECLARATION, '')) ?? [];
  const sections = inside === undefined ? undefined : readAll(SECTION, inside);
  const result = readAll(LEAF, sections?.get('GetCallerIdentityResult') ?? '');
  if (result === undefined || [...result.keys()].sort().join() !== IDENTITY_MEMBERS.join())
    return refusal('invalid_xml');
  return success(new Map([['GetCallerIdentityResponse', { GetCallerIdentityResult: Object.fromEntries(result) }]]));
}

/** The elements of a text that consists of nothing else, by name; undefined for any other text or a name that is repeated. */
function readAll(pattern: RegExp, text: string): ReadonlyMap<string, string> | undefined {
  const elements = new Map<string, string>();
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const [, name = '', content = ''] = pattern.exec(text) ?? [];
    if (name === '' || elements.has(name)) return undefined;
    elements.set(name, content);
  }
  return elements;
}

/** An IAM user, as STS vouches for it. */
export interface IamUser {
  readonly arn: string;
  /** `AIDA…`: never given to another, not even under the same name. */
  readonly userId: string;
  readonly userName: string;
}

/** Whose word counts: users of one account of one partition. */
export interface OwnAccount {
  readonly partition: string;
  readonly accountId: string;
}

const USER_ID = /^AIDA[A-Z0-9]{12,28}$/;

/**
 * Reads what STS answered to GetCallerIdentity. Only a user of the own account passes: a role, the root user and a federated user
 * have other ARNs, and a user of another account another number, whatever its name.
 */
export function readCallerIdentity(
  answer: ReadonlyMap<string, unknown>,
  own: OwnAccount,
): Result<IamUser, 'not_an_own_user'> {
  const result = memberOf(memberOf(Object.fromEntries(answer), 'GetCallerIdentityResponse'), 'GetCallerIdentityResult');
  const [account, arn, userId] = ['Account', 'Arn', 'UserId'].map((name) => memberOf(result, name));
  if (account !== own.accountId || typeof arn !== 'string' || typeof userId !== 'string')
    return refusal('not_an_own_user');
  const prefix = `arn:${own.partition}:iam::${own.accountId}:user/`;
  const userName = arn.slice(arn.lastIndexOf('/') + 1);
  if (!arn.startsWith(prefix) || !isUserName(userName) || !USER_ID.test(userId)) return refusal('not_an_own_user');
  return success({ arn, userId, userName });
}

/** A legal IAM user name. */
export const isUserName = (text: string): boolean => /^[\w+=,.@-]{1,64}$/.test(text);

/** The id of a long-term access key; ids of temporary ones begin with ASIA. AWS documents upper-case letters and digits, without their meaning. */
export const isLongTermAccessKeyId = (text: string): boolean => /^AKIA[A-Z0-9]{12,28}$/.test(text);

function memberOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
