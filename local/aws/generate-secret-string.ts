import { randomInt } from 'node:crypto';

const MEMBERS = [
  'ExcludeCharacters',
  'ExcludeLowercase',
  'ExcludeNumbers',
  'ExcludePunctuation',
  'ExcludeUppercase',
  'GenerateStringKey',
  'IncludeSpace',
  'PasswordLength',
  'RequireEachIncludedType',
  'SecretStringTemplate',
];
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** The first text of a secret, as GenerateSecretString of its template asks for. Throws on a member or value that it does not know. */
export function generateSecretString(generate: Readonly<Record<string, unknown>>): string {
  for (const member of Object.keys(generate))
    if (!MEMBERS.includes(member)) throw new Error(`GenerateSecretString: unknown member ${member}`);
  const { SecretStringTemplate: template, GenerateStringKey: name } = generate;
  const password = generatePassword(generate);
  if (template === undefined && name === undefined) return password;
  if (typeof template !== 'string' || typeof name !== 'string')
    throw new Error('GenerateSecretString: SecretStringTemplate and GenerateStringKey need each other');
  const value: unknown = JSON.parse(template);
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Error('GenerateSecretString: SecretStringTemplate is not a JSON object');
  return JSON.stringify({ ...value, [name]: password });
}

function generatePassword(generate: Readonly<Record<string, unknown>>): string {
  const length = readLength(generate.PasswordLength);
  const types = characterTypes(generate);
  const all = types.join('');
  const needed = readFlag(generate, 'RequireEachIncludedType', true) ? types : [];
  if (all === '' || needed.length > length)
    throw new Error('GenerateSecretString: no password can satisfy the exclusions and the length');
  const chars = [...needed, ...Array<string>(length - needed.length).fill(all)].map(pick);
  return shuffle(chars).join('');
}

function characterTypes(generate: Readonly<Record<string, unknown>>): string[] {
  const { ExcludeCharacters: excluded = '' } = generate;
  if (typeof excluded !== 'string') throw new Error('GenerateSecretString: ExcludeCharacters must be text');
  const types: readonly (readonly [string, boolean])[] = [
    ['abcdefghijklmnopqrstuvwxyz', !readFlag(generate, 'ExcludeLowercase', false)],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', !readFlag(generate, 'ExcludeUppercase', false)],
    ['0123456789', !readFlag(generate, 'ExcludeNumbers', false)],
    [PUNCTUATION, !readFlag(generate, 'ExcludePunctuation', false)],
    [' ', readFlag(generate, 'IncludeSpace', false)],
  ];
  return types
    .filter(([, included]) => included)
    .map(([chars]) => [...chars].filter((char) => !excluded.includes(char)).join(''))
    .filter((chars) => chars !== '');
}

function readLength(value: unknown = 32): number {
  const length = Number(value);
  if (!Number.isInteger(length) || length < 1 || length > 4_096)
    throw new Error('GenerateSecretString: PasswordLength must be 1 to 4096');
  return length;
}

/** CloudFormation takes true and "true" alike. */
function readFlag(generate: Readonly<Record<string, unknown>>, name: string, absent: boolean): boolean {
  const text = String(generate[name] ?? absent);
  if (text !== 'true' && text !== 'false') throw new Error(`GenerateSecretString: ${name} must be true or false`);
  return text === 'true';
}

const pick = (chars: string): string => chars[randomInt(chars.length)] ?? '';

function shuffle(chars: string[]): string[] {
  for (let last = chars.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [chars[last], chars[other]] = [chars[other] ?? '', chars[last] ?? ''];
  }
  return chars;
}
