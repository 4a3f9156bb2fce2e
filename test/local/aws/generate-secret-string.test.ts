import { generateSecretString } from '#local/aws/generate-secret-string.ts';

test.each([
  [{}, /^[!-~]{32}$/],
  [{ ExcludePunctuation: 'true', PasswordLength: 64 }, /^[A-Za-z0-9]{64}$/],
  [{ ExcludePunctuation: true, ExcludeLowercase: true, ExcludeUppercase: true, PasswordLength: 6 }, /^[0-9]{6}$/],
  [{ ExcludePunctuation: true, ExcludeNumbers: true, ExcludeCharacters: 'abcABC' }, /^[D-Zd-z]{32}$/],
])('%j gives characters of the wanted kinds only', (generate, pattern) => {
  for (let run = 0; run < 50; run += 1) expect(generateSecretString(generate)).toMatch(pattern);
});

test('each included kind of character is there, unless not required', () => {
  for (let run = 0; run < 50; run += 1) {
    const text = generateSecretString({ PasswordLength: 5, IncludeSpace: true });
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9 ]/, / /]) expect(text).toMatch(kind);
  }
  expect(generateSecretString({ PasswordLength: 1, RequireEachIncludedType: false })).toHaveLength(1);
});

test.each([
  [{ Length: 3 }, 'unknown member Length'],
  [{ PasswordLength: 3 }, 'no password can satisfy'],
  [{ PasswordLength: 0 }, 'PasswordLength'],
  [{ ExcludePunctuation: 'yes' }, 'must be true or false'],
  [{ GenerateStringKey: 'x' }, 'need each other'],
  [{ GenerateStringKey: 'x', SecretStringTemplate: '[]' }, 'not a JSON object'],
])('refuses %j', (generate, message) => {
  expect(() => generateSecretString(generate)).toThrow(message);
});
