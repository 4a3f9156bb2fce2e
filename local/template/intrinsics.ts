import type { Stack } from './assembly.ts';
import { type Identity, identify, type Place } from './identities.ts';

/** The template says something that the local host can't run. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

type Json = Readonly<Record<string, unknown>>;

/** Resolves the intrinsic functions of one deployment's stacks. */
export class Resolver {
  readonly #stacks: ReadonlyMap<string, Stack>;
  readonly #accountId: string;
  readonly #identities = new Map<string, Identity>();

  constructor(stacks: readonly Stack[], accountId: string) {
    this.#stacks = new Map(stacks.map((stack) => [stack.name, stack]));
    this.#accountId = accountId;
    for (const stack of stacks) {
      for (const [logicalId, { Type, Properties = {} }] of Object.entries(stack.template.Resources)) {
        this.#identities.set(`${stack.name}/${logicalId}`, identify(Type, logicalId, Properties, this.#placeOf(stack)));
      }
    }
  }

  identity(stack: Stack, logicalId: string): Identity {
    const identity = this.#identities.get(`${stack.name}/${logicalId}`);
    if (identity === undefined) throw new TemplateError(`${stack.name}: there is no resource ${logicalId}`);
    return identity;
  }

  /** A value with every intrinsic function in it replaced by its result. */
  resolve(value: unknown, stack: Stack): unknown {
    if (Array.isArray(value))
      return value.map((item) => this.resolve(item, stack)).filter((item) => item !== undefined);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.#call(name, argument, stack);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.resolve(item, stack)] as const).filter(([, item]) => item !== undefined),
    );
  }

  #call(name: string, argument: unknown, stack: Stack): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), stack);
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = argument as [string, string];
        return this.#attribute(logicalId, attribute, stack);
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return (this.resolve(parts, stack) as string[]).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text, stack)).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, unknown];
        return (this.resolve(list, stack) as unknown[])[Number(index)];
      }
      case 'Fn::Sub':
        return this.#substitute(argument, stack);
      case 'Fn::ImportValue':
        return this.#import(String(this.resolve(argument, stack)), stack);
      case 'Fn::GetStackOutput':
        return this.#stackOutput(argument as Json, stack);
      default:
        throw new TemplateError(`${stack.name}: the local host does not know ${name}`);
    }
  }

  #attribute(logicalId: string, attribute: string, stack: Stack): string {
    const value = this.identity(stack, logicalId).attributes[attribute];
    if (value === undefined) throw new TemplateError(`${stack.name}: ${logicalId} has no known attribute ${attribute}`);
    return value;
  }

  /** `${Name}`, `${Resource.Attribute}`, the variables of its own map, and `${!Text}` for itself. */
  #substitute(argument: unknown, stack: Stack): string {
    const [text, variables = {}] = [argument].flat() as [string, Json?];
    return text.replace(/\$\{([^}]+)\}/g, (_all, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (Object.hasOwn(variables, name)) return String(this.resolve(variables[name], stack));
      const [logicalId = '', ...attribute] = name.split('.');
      const isAttribute = attribute.length > 0;
      return String(isAttribute ? this.#attribute(logicalId, attribute.join('.'), stack) : this.#ref(name, stack));
    });
  }

  #import(name: string, from: Stack): unknown {
    for (const stack of this.#stacks.values()) {
      for (const { Value, Export } of Object.values(stack.template.Outputs ?? {})) {
        if (Export !== undefined && this.resolve(Export.Name, stack) === name) return this.resolve(Value, stack);
      }
    }
    throw new TemplateError(`${from.name}: no stack exports ${name}`);
  }

  #ref(name: string, stack: Stack): string | undefined {
    const pseudo: Readonly<Record<string, string | undefined>> = {
      'AWS::AccountId': this.#accountId,
      'AWS::Region': stack.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${stack.region}:${this.#accountId}:stack/${stack.name}/local`,
      'AWS::NoValue': undefined,
    };
    return Object.hasOwn(pseudo, name) ? pseudo[name] : this.identity(stack, name).ref;
  }

  #stackOutput({ StackName, OutputName }: Json, from: Stack): unknown {
    const stack = this.#stacks.get(String(StackName));
    const output = stack?.template.Outputs?.[String(OutputName)];
    if (stack === undefined || output === undefined) {
      throw new TemplateError(`${from.name}: there is no output ${String(OutputName)} of stack ${String(StackName)}`);
    }
    return this.resolve(output.Value, stack);
  }

  #placeOf(stack: Stack): Place {
    return { stack: stack.name, region: stack.region, accountId: this.#accountId };
  }
}
