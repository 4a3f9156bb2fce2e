interface Caller {
  readonly principalArns: readonly string[];
  readonly accountId: string;
}

/** How a statement's Principal names a caller: itself, or only its account, which leaves the say to identity policies. */
export function principalMatch(principal: unknown, caller: Caller): 'principal' | 'account' | 'none' {
  if (principal === '*') return 'principal';
  if (principal === null || typeof principal !== 'object')
    throw new Error(`policy principal not implemented: ${JSON.stringify(principal)}`);
  const named = awsPrincipals(principal as Readonly<Record<string, unknown>>);
  if (named.includes('*') || caller.principalArns.some((arn) => named.includes(arn))) return 'principal';
  const account: readonly unknown[] = [caller.accountId, `arn:aws:iam::${caller.accountId}:root`];
  return named.some((name) => account.includes(name)) ? 'account' : 'none';
}

function awsPrincipals(principal: Readonly<Record<string, unknown>>): readonly unknown[] {
  for (const kind of Object.keys(principal))
    if (!['AWS', 'Service'].includes(kind)) throw new Error(`policy principal not implemented: ${kind}`);
  const { AWS = [] } = principal;
  return Array.isArray(AWS) ? AWS : [AWS];
}
