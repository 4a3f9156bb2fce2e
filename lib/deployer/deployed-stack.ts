/** The parts of a synthesized stack that the policy of a deployer needs. */
export interface DeployedStack {
  readonly name: string;
  readonly partition: string;
  readonly region: string;
  /** Twelve digits, or `*` where the stage leaves it open. */
  readonly account: string;
  readonly template: {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
    readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
    readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  };
}

/** The logical ids of the resources of a type. */
export const idsOfType = ({ template }: DeployedStack, type: RegExp): string[] =>
  Object.entries(template.Resources).flatMap(([id, { Type }]) => (type.test(Type) ? [id] : []));

/** The logical ids of the resources of a type that set a property. */
export const idsWith = (stack: DeployedStack, type: string, property: string): string[] =>
  idsOfType(stack, new RegExp(`^${type}$`)).filter((id) => {
    const { Properties } = stack.template.Resources[id] as { Properties?: object };
    return member(Properties, property) !== undefined;
  });

const holdsCopyOfKey = (stack: DeployedStack): boolean => idsOfType(stack, /^AWS::KMS::ReplicaKey$/).length > 0;

/** The stack in the stage's own region. */
export function homeOf(stacks: readonly DeployedStack[]): DeployedStack {
  const home = stacks.find((stack) => !holdsCopyOfKey(stack));
  if (home === undefined) throw new Error("a deployment has a stack in the stage's region");
  return home;
}

/** The other regions that get copies: there is a copy of the key in each. */
export const copyRegionsOf = (stacks: readonly DeployedStack[]): string[] =>
  stacks.filter(holdsCopyOfKey).map(({ region }) => region);

/**
 * Every value of a property, with lists flattened and the names of account, region and partition filled in. Throws for
 * a value that needs more.
 */
export function valuesOf(stack: DeployedStack, type: string, property: string): string[] {
  return Object.values(stack.template.Resources)
    .filter(({ Type }) => Type === type)
    .flatMap(({ Properties }) => property.split('.').reduce<unknown>(member, Properties))
    .filter((value) => value !== undefined)
    .map((value) => textOf(value, stack));
}

/** A statement of a role's policy, as it is in the template. */
interface RoleStatement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface RolePolicy {
  readonly PolicyDocument: { readonly Statement: readonly RoleStatement[] };
}

/** The statements in the policies of a stack's roles. */
export const roleStatements = ({ template }: DeployedStack): RoleStatement[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => (Properties as RolePolicy).PolicyDocument.Statement);

const member = (value: unknown, name: string): unknown => (value as Record<string, unknown> | undefined)?.[name];

function textOf(value: unknown, { partition, region, account }: DeployedStack): string {
  const pseudo: Record<string, string> = {
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::AccountId': account,
  };
  const named = (name: string): string => {
    const text = pseudo[name];
    if (text === undefined) throw new Error(`a name that depends on ${name} is not known before it is deployed`);
    return text;
  };
  const read = (part: unknown): string => {
    if (typeof part === 'string') return part;
    const [[name, argument]] = Object.entries(part as object) as [[string, unknown]];
    if (name === 'Ref') return named(argument as string);
    if (name === 'Fn::Sub') return (argument as string).replace(/\$\{([\w:]+)\}/g, (_, inner: string) => named(inner));
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(read).join(separator);
    }
    throw new Error(`a name that depends on ${name} is not known before it is deployed`);
  };
  return read(value);
}
