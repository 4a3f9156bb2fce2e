import type { PolicyDocument } from '../model.ts';
import { conditionsHold } from './conditions.ts';

/** The condition keys that the stand-ins give. Any other would be taken for absent, and a condition on it for something it is not. */
const KNOWN_KEYS = [
  'aws:principalarn',
  'aws:principalaccount',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:viaawsservice',
  'kms:viaservice',
  'kms:calleraccount',
  'lambda:sourcefunctionarn',
  'secretsmanager:versionstage',
  'dynamodb:leadingkeys',
];
const KNOWN_KEY_PREFIX = 'kms:encryptioncontext:';

/** Throws when a policy asks for what the local evaluation does not know, so that this shows at the start and not in a decision. */
export function checkPolicies(policies: readonly PolicyDocument[]): void {
  for (const { Condition } of policies.flatMap(({ Statement }) => Statement)) {
    for (const byKey of Object.values(Condition ?? {})) Object.keys(byKey).forEach(checkKey);
    for (const [operator, byKey] of Object.entries(Condition ?? {}))
      for (const [key, wanted] of Object.entries(byKey))
        conditionsHold({ [operator]: { [key]: wanted } }, new Map([[key.toLowerCase(), ['probe']]]));
  }
}

function checkKey(key: string): void {
  const name = key.toLowerCase();
  if (!KNOWN_KEYS.includes(name) && !name.startsWith(KNOWN_KEY_PREFIX))
    throw new Error(`policy condition key not implemented by the local host: ${key}`);
}
