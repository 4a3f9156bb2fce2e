import { type Result, refusal, success } from '../crypto/result.ts';

/** Of STS's API, version 2011-06-15: the only namespace whose elements have the meaning that this code relies on. */
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const DECLARATION = /^<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")? ?\?>/;

/** The white space of XML. JavaScript's `\s` also matches other characters, such as a byte order mark. */
const GAP = '[ \\t\\r\\n]*';

/** A member whose text is printable ASCII except `&`, `<` and `>`. */
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
 * Parses the XML response of STS to GetCallerIdentity, which some AWS emulators always return, into the members of its JSON. This is not an
 * XML parser: it accepts the two elements of this one response, each at most once, with text in their members. It rejects everything that
 * two parsers could understand differently: attributes, prefixes, other namespaces, comments, CDATA, entities, document types, processing
 * instructions, a byte order mark, repeated or unknown members. `text` must be bounded.
 */
export function readCallerIdentityXml(text: string): Result<ReadonlyMap<string, unknown>, 'invalid_xml'> {
  const [, inside] = ROOT.exec(text.replace(DECLARATION, '')) ?? [];
  const sections = inside === undefined ? undefined : readAll(SECTION, inside);
  const result = readAll(LEAF, sections?.get('GetCallerIdentityResult') ?? '');
  if (result === undefined || [...result.keys()].sort().join() !== IDENTITY_MEMBERS.join())
    return refusal('invalid_xml');
  return success(new Map([['GetCallerIdentityResponse', { GetCallerIdentityResult: Object.fromEntries(result) }]]));
}

/** The elements of a text that consists only of them, by name; undefined for any other text or a repeated name. */
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

/** An IAM user, as returned by STS. */
export interface IamUser {
  readonly arn: string;
  /** `AIDA…`: never given to another user, not even to one with the same name. */
  readonly userId: string;
  readonly userName: string;
}

/** The account and partition whose users are accepted. */
export interface OwnAccount {
  readonly partition: string;
  readonly accountId: string;
}

const USER_ID = /^AIDA[A-Z0-9]{12,28}$/;

/**
 * Parses the response of STS to GetCallerIdentity. It accepts only users of the gate's own account: roles, the root user and federated
 * users have other ARNs, and a user of another account has another account number.
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

/** A valid IAM user name. */
export const isUserName = (text: string): boolean => /^[\w+=,.@-]{1,64}$/.test(text);

/**
 * The id of a long-term access key; ids of temporary ones begin with ASIA. AWS documents upper-case letters and digits, but not their
 * meaning.
 */
export const isLongTermAccessKeyId = (text: string): boolean => /^AKIA[A-Z0-9]{12,28}$/.test(text);

function memberOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
