import { setTimeout } from 'node:timers/promises';

/** What is made to go wrong with one AWS service, or with the clock. */
export interface ServiceFault {
  /** Share of calls that fail, 0 to 1. */
  readonly errorRatio: number;
  /** Share of calls that are throttled, 0 to 1, of those that do not fail. */
  readonly throttleRatio: number;
  /** How long the calls wait, in turn: the first call waits as long as the first entry, and so on, from the start again after the last. */
  readonly delaysMilliseconds: readonly number[];
  /** Never answer. */
  readonly hangs: boolean;
  /** Of `dynamodb` alone: how far reads without ConsistentRead are behind the writes. */
  readonly lagMilliseconds: number;
  /** Of `secretsmanager` alone: the one error for every version and staging label that is not there; by default as AWS answers each. */
  readonly absence: Absence | undefined;
  /** Of `sts` alone: answer XML whatever the caller accepts. */
  readonly xml: boolean;
  /** Of the functions' clock alone: how far it is off, in seconds. */
  readonly offsetSeconds: number;
}

/** ResourceNotFoundException or InvalidRequestException. */
export type Absence = 'not-found' | 'invalid-request';

const HEALTHY: ServiceFault = {
  errorRatio: 0,
  throttleRatio: 0,
  delaysMilliseconds: [],
  hangs: false,
  lagMilliseconds: 0,
  absence: undefined,
  xml: false,
  offsetSeconds: 0,
};

/**
 * By service as in a credential scope, `dynamodb`, or by one operation, `dynamodb/PutItem`. `@Text` after either narrows it to tables with that
 * text in their name: `dynamodb/PutItem@Audit`. `clock` is that of the functions.
 */
export type Faults = ReadonlyMap<string, ServiceFault>;

const SERVICES = ['dynamodb', 'secretsmanager', 'kms', 'sts', 'iam', 'lambda'];
/** Six decimals at most: with more, JavaScript would print some of them with an exponent. */
const RATIO = /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/;
const CLOCK = 'clock';
const WITH_TABLES = 'dynamodb';
const SUBJECT = /^([a-z]+)(?:\/([A-Z][A-Za-z]{2,40}))?(?:@([A-Za-z0-9_-]{1,64}))?$/;
const OFFSET = /^([+-]\d{1,6})([ms])$/;
const DURATION = /^(\d{1,6})(ms|s)$/;
const DURATIONS = /^\d{1,6}(ms|s)(\|\d{1,6}(ms|s)){0,9}$/;
const ABSENCES: readonly string[] = ['not-found', 'invalid-request'] satisfies Absence[];

/** The specification of faults is wrong; the message quotes the part. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError';
}

/** Reads `dynamodb:error=0.05,delay=800ms;secretsmanager:down`, or `delay=0ms|280ms` for delays in turn. Throws `FaultSpecError`. */
export function parseFaults(spec: string): Faults {
  const faults = new Map<string, ServiceFault>();
  for (const part of spec.split(';').filter((text) => text.trim() !== '')) {
    const [service = '', words = '', ...rest] = part.trim().split(':');
    if (!isKnown(service) || words === '' || rest.length > 0 || faults.has(service)) {
      throw new FaultSpecError(
        `--faults: "${part}" is wrong; write each service once, as in dynamodb:error=0.05 or dynamodb/PutItem:down. Services: ${SERVICES.join(', ')}, ${CLOCK}`,
      );
    }
    faults.set(
      service,
      service === CLOCK
        ? clockFault(words)
        : words.split(',').reduce((fault, word) => addFault(service, fault, word), HEALTHY),
    );
  }
  return faults;
}

function isKnown(subject: string): boolean {
  const [, service = '', operation, table] = SUBJECT.exec(subject) ?? [];
  if (service === CLOCK) return operation === undefined && table === undefined;
  return SERVICES.includes(service) && (table === undefined || service === WITH_TABLES);
}

function clockFault(word: string): ServiceFault {
  const [name, value = ''] = word.trim().split('=');
  const offset = OFFSET.exec(value);
  if (name !== 'offset' || offset === null)
    throw new FaultSpecError(`--faults: "${word}" is not offset=+<number>m, offset=-<number>m or the same with s`);
  return { ...HEALTHY, offsetSeconds: Number(offset[1]) * (offset[2] === 'm' ? 60 : 1) };
}

/** How far the functions' clock is off, in milliseconds. */
export const clockOffsetOf = (faults: Faults): number => (faults.get(CLOCK)?.offsetSeconds ?? 0) * 1_000;

function addFault(subject: string, fault: ServiceFault, word: string): ServiceFault {
  const [name, value = ''] = word.trim().split('=');
  if (word.trim() === 'down') return { ...fault, errorRatio: 1 };
  if (word.trim() === 'throttle') return { ...fault, throttleRatio: 1 };
  if (word.trim() === 'hang') return { ...fault, hangs: true };
  if (name === 'error' && RATIO.test(value)) return { ...fault, errorRatio: Number(value) };
  if (name === 'throttle' && RATIO.test(value)) return { ...fault, throttleRatio: Number(value) };
  if (name === 'delay' && DURATIONS.test(value))
    return { ...fault, delaysMilliseconds: value.split('|').map(readDuration) };
  if (subject === 'dynamodb' && name === 'lag' && DURATION.test(value))
    return { ...fault, lagMilliseconds: readDuration(value) };
  if (subject === 'secretsmanager' && name === 'absent' && ABSENCES.includes(value))
    return { ...fault, absence: value as Absence };
  if (subject === 'sts' && word.trim() === 'xml') return { ...fault, xml: true };
  throw new FaultSpecError(
    `--faults: "${word}" is not one of down, error=<0 to 1>, throttle, throttle=<0 to 1>, delay=<number>ms, delay=<number>s, delay=<one>|<next>|…, hang; dynamodb also has lag=<number>s, secretsmanager absent=${ABSENCES.join(' or absent=')}, sts xml`,
  );
}

function readDuration(text: string): number {
  const [, digits, unit] = DURATION.exec(text) ?? [];
  return Number(digits) * (unit === 's' ? 1_000 : 1);
}

/** How far reads of the tables without ConsistentRead are behind the writes, in milliseconds. */
export const readLagOf = (faults: Faults): number => faults.get('dynamodb')?.lagMilliseconds ?? 0;

/** The error for every version of a secret that is not there; undefined: as AWS answers each. */
export const absenceOf = (faults: Faults): Absence | undefined => faults.get('secretsmanager')?.absence;

/** Whether STS answers XML whatever the caller accepts. */
export const stsAnswersXml = (faults: Faults): boolean => faults.get('sts')?.xml ?? false;

/** Writes faults as `parseFaults` reads them; no faults are the empty text. */
export const formatFaults = (faults: Faults): string =>
  [...faults].map(([service, fault]) => `${service}:${formatFault(service, fault)}`).join(';');

function formatFault(service: string, fault: ServiceFault): string {
  const { errorRatio, throttleRatio, delaysMilliseconds, hangs, lagMilliseconds, absence, xml, offsetSeconds } = fault;
  if (service === CLOCK) return `offset=${formatOffset(offsetSeconds)}`;
  const words = [
    ...(errorRatio > 0 ? [errorRatio === 1 ? 'down' : `error=${errorRatio}`] : []),
    ...(throttleRatio > 0 ? [throttleRatio === 1 ? 'throttle' : `throttle=${throttleRatio}`] : []),
    ...(delaysMilliseconds.length > 0 ? [`delay=${delaysMilliseconds.map(formatDuration).join('|')}`] : []),
    ...(hangs ? ['hang'] : []),
    ...(lagMilliseconds > 0 ? [`lag=${formatDuration(lagMilliseconds)}`] : []),
    ...(absence === undefined ? [] : [`absent=${absence}`]),
    ...(xml ? ['xml'] : []),
  ];
  return words.length === 0 ? 'error=0' : words.join(',');
}

const formatOffset = (seconds: number): string =>
  `${seconds < 0 ? '' : '+'}${seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`}`;

const formatDuration = (milliseconds: number): string =>
  milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;

/** An error as the service answers it. */
interface InjectedError {
  readonly error: string;
  readonly status: number;
}

const FAILURE: InjectedError = { error: 'InternalServerError', status: 500 };
const THROTTLED: InjectedError = { error: 'ThrottlingException', status: 400 };
const TABLE_THROTTLED: InjectedError = { error: 'ProvisionedThroughputExceededException', status: 400 };
/** The longest that a timer can wait: 24 days. */
const FOREVER_MILLISECONDS = 2 ** 31 - 1;

/** What the AWS stand-ins ask before each call. */
export class FaultInjector {
  #faults: Faults;
  /** How many calls each subject has had, for delays in turn. */
  readonly #calls = new Map<string, number>();
  readonly #closing = new AbortController();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** From now on these faults and no others. */
  set(faults: Faults): void {
    this.#faults = faults;
    this.#calls.clear();
  }

  /** Waits for the delay of the fault, then lets the call pass or answers as a failing service does. */
  async inject(service: string, operation = '', tables: readonly string[] = []): Promise<'pass' | InjectedError> {
    const subject = this.#subjectOf(service, operation, tables);
    const fault = this.#faults.get(subject);
    if (fault === undefined) return 'pass';
    const { delaysMilliseconds, errorRatio, throttleRatio, hangs } = fault;
    const waited = await this.#wait(hangs ? FOREVER_MILLISECONDS : this.#nextDelay(subject, delaysMilliseconds));
    if (!waited || Math.random() < errorRatio) return FAILURE;
    if (Math.random() >= throttleRatio) return 'pass';
    return service === 'dynamodb' ? TABLE_THROTTLED : THROTTLED;
  }

  #nextDelay(subject: string, delaysMilliseconds: readonly number[]): number {
    const calls = this.#calls.get(subject) ?? 0;
    this.#calls.set(subject, calls + 1);
    return delaysMilliseconds[calls % delaysMilliseconds.length] ?? 0;
  }

  /** The fault that concerns a call: the narrowest. */
  #subjectOf(service: string, operation: string, tables: readonly string[]): string {
    const subjects = [`${service}/${operation}`, service];
    for (const subject of tables.length === 0 ? [] : subjects)
      for (const known of this.#faults.keys()) {
        const [before, part = ''] = known.split('@');
        if (part !== '' && before === subject && tables.some((table) => table.includes(part))) return known;
      }
    return subjects.find((subject) => this.#faults.has(subject)) ?? service;
  }

  /** False when the waiting was ended. */
  #wait(milliseconds: number): Promise<boolean> {
    return setTimeout(milliseconds, true, { signal: this.#closing.signal }).catch(() => false);
  }

  /** Ends all waiting; what waited fails. */
  close(): void {
    this.#closing.abort();
  }
}
