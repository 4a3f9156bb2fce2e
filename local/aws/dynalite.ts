import { createRequire } from 'node:module';
import { AwsError } from './errors.ts';
import type { Members } from './members.ts';

/** One database of dynalite 4, whose parts are used without its HTTP server: that one cuts unknown members away without a word. */
export interface DynamoStore {
  readonly tableDb: {
    get(name: string, callback: (error: Error | null, table?: TableRecord) => void): void;
    put(name: string, table: TableRecord, callback: (error: Error | null) => void): void;
  };
  readonly db: { open(): Promise<void> };
  readonly lifecycleManager: { gracefulClose(): Promise<void> };
}

export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

/** A table as dynalite stores it. */
export interface TableRecord {
  readonly TableName: string;
  readonly TableStatus: string;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly GlobalSecondaryIndexes?: readonly Members[];
}

interface MemberType {
  readonly children?: MemberTypes | MemberType | string;
  readonly type?: string;
}
type MemberTypes = Readonly<Record<string, MemberType | string>>;
type Callback = (error: (Error & { statusCode?: number; body?: Members }) | null, answer?: Members) => void;

interface DynaliteDatabase {
  create(options: { path?: string; createTableMs: number }): DynamoStore;
  updateIndexes(
    store: DynamoStore,
    table: TableRecord,
    before: undefined,
    item: unknown,
    done: (error: Error | null) => void,
  ): void;
}
interface DynaliteValidations {
  checkTypes(input: unknown, types: MemberTypes): Members;
  checkValidations(input: Members, types: MemberTypes, custom: unknown, store: DynamoStore): void;
}
interface OperationTypes {
  readonly types: MemberTypes;
  readonly custom: unknown;
}

/** Of a Scan dynalite doesn't know this member; what it asks for holds for every read here. */
const MET_ANYWAY = 'ConsistentRead';

const requireModule = createRequire(import.meta.filename);
const load = <Part>(path: string): Part => requireModule(`dynalite/${path}`) as Part;
export const dynaliteDatabase = (): DynaliteDatabase => load<DynaliteDatabase>('db');

/**
 * Runs one operation, such as `GetItem`. A refusal of dynalite's becomes the matching `AwsError`; an unknown member is
 * refused.
 */
export function runOperation(store: DynamoStore, operation: string, input: Members): Promise<Members> {
  const file = operation[0]?.toLowerCase() + operation.slice(1);
  const { types, custom } = load<OperationTypes>(`validations/${file}`);
  const validations = load<DynaliteValidations>('validations');
  const act = load<(store: DynamoStore, input: Members, callback: Callback) => void>(`actions/${file}`);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(toAwsError(error));
    try {
      const { [MET_ANYWAY]: _consistent, ...asked } = input;
      const members = operation === 'Scan' ? asked : input;
      refuseUnknownMembers(members, types, operation);
      const checked = validations.checkTypes(members, types);
      validations.checkValidations(checked, types, custom, store);
      act(store, checked, (error, answer) =>
        error === null || error === undefined ? resolve(answer ?? {}) : fail(error),
      );
    } catch (error) {
      fail(error);
    }
  });
}

function toAwsError(error: unknown): unknown {
  const { body, statusCode } = error as {
    body?: { __type: string; message?: string; Message?: string };
    statusCode?: number;
  };
  if (body === undefined) return error;
  const { __type, message, Message, ...details } = body;
  return new AwsError(__type.slice(__type.indexOf('#') + 1), message ?? Message ?? '', statusCode, details);
}

/** Goes as deep as structures with named members go: expressions and attribute values are checked by dynalite itself. */
function refuseUnknownMembers(input: unknown, types: MemberTypes, where: string): void {
  if (input === null || typeof input !== 'object') return;
  for (const [member, value] of Object.entries(input)) {
    const type = types[member];
    if (type === undefined)
      throw new AwsError(
        'ValidationException',
        `The local DynamoDB does not implement the member ${member} of ${where}.`,
      );
    if (typeof type === 'object') refuseUnknownBelow(value, type, `${where}.${member}`);
  }
}

function refuseUnknownBelow(value: unknown, { type = '', children }: MemberType, where: string): void {
  if (children === undefined || typeof children === 'string' || value === null || typeof value !== 'object') return;
  if (/^(Value|Field)Struct</.test(type)) refuseUnknownMembers(value, children as MemberTypes, where);
  else for (const child of Object.values(value)) refuseUnknownBelow(child, children as MemberType, where);
}
