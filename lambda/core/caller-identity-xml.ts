import { type Result, refusal, success } from './result.ts';

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
