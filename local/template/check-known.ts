import type { Stack, TemplateResource } from './assembly.ts';
import { TemplateError } from './intrinsics.ts';
import { knownResources } from './known-resources.ts';

/** Rules and Parameters are CDK's check of the bootstrap version; nothing is bootstrapped here. */
const SECTIONS = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Outputs', 'Parameters', 'Resources', 'Rules'];
/** Order and removal: everything is there from the start, and nothing is ever removed. A Condition would decide what exists. */
const ATTRIBUTES = ['DeletionPolicy', 'DependsOn', 'Metadata', 'Properties', 'Type', 'UpdateReplacePolicy'];

const HINT = '; docs/stage-options.md#what-runs-locally lists the options of a stage that do not run here';

/**
 * Throws `TemplateError` for the first part of a stage's template that the local host would ignore without knowing its
 * meaning.
 */
export function checkKnown({ name, template }: Stack): void {
  refuseUnknown(`${name}: the local host does not know the section`, Object.keys(template), SECTIONS);
  for (const [logicalId, resource] of Object.entries(template.Resources))
    checkResource(`${name}/${logicalId}`, resource);
}

function checkResource(place: string, resource: TemplateResource): void {
  const { Type: type, Properties = {} } = resource;
  const known = knownResources[type];
  if (known === undefined) throw new TemplateError(`${place}: the local host does not know ${type}${HINT}`);
  refuseUnknown(`${place}: the local host does not know the attribute`, Object.keys(resource), ATTRIBUTES);
  const refuse = `${place}: the local host does not know ${type}.`;
  refuseUnknown(refuse, Object.keys(Properties), [...known.honored, ...known.withoutEffect]);
  for (const [property, members] of Object.entries(known.members ?? {})) {
    const values = [Properties[property] ?? []].flat() as object[];
    refuseUnknown(`${refuse}${property}.`, values.flatMap(Object.keys), members);
  }
}

/** Throws `TemplateError` for the first name that is not known. A message that ends in a dot is completed by it. */
export function refuseUnknown(message: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TemplateError(message.endsWith('.') ? message + unknown + HINT : `${message} ${unknown}`);
}
