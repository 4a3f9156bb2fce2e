import { setTimeout } from 'node:timers/promises';

/** What is made to go wrong with one AWS service, or with the clock. */
export interface ServiceFault {
  /** Share of calls that fail, 0 to 1. */
  readonly errorRatio: number;
  /** Share of calls that are told to slow down, 0 to 1, of those that do not fail. */
  readonly throttleRatio: number;
  readonly delayMilliseconds: number;
  /** Never answer. */
  readonly hangs: boolean;
  /** Of the functions' clock alone: how far it is off, in minutes. */
  readonly offsetMinutes: number;
}

const HEALTHY: ServiceFault = {
  errorRatio: 0,
  throttleRatio: 0,
  delayMilliseconds: 0,
  hangs: false,
  offsetMinutes: 0,
};

/** By service as in a credential scope, `dynamodb`, or by one operation, `dynamodb/PutItem`; `clock` is that of the functions. */
export type Faults = ReadonlyMap<string, ServiceFault>;

const SERVICES = ['dynamodb', 'secretsmanager', 'kms', 'sts', 'iam', 'lambda'];
/** Six decimals at most: with more, JavaScript would print some of them with an exponent. */
const RATIO = /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/;
const CLOCK = 'clock';
const OFFSET = /^([+-]\d{1,5})m$/;
const DELAY = /^(\d{1,6})(ms|s)$/;

/** The specification of faults is wrong; the message quotes the part. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError';
}

/** Reads `dynamodb:error=0.05,delay=800ms;secretsmanager:down`. Throws `FaultSpecError`. */
export function parseFaults(spec: string): Faults {
  const faults = new Map<string, ServiceFault>();
  for (const part of spec.split(';').filter((text) => text.trim() !== '')) {
    const [service = '', words = '', ...rest] = part.trim().split(':');
    if (!isKnown(service) || words === '' || rest.length > 0 || faults.has(service)) {
      throw new FaultSpecError(
        `--faults: "${part}" is not <service>:<fault>,… or <service>/<operation>:<fault>,… of one of ${SERVICES.join(', ')}, ${CLOCK}, each once`,
      );
    }
    faults.set(service, service === CLOCK ? clockFault(words) : words.split(',').reduce(addFault, HEALTHY));
  }
  return faults;
}

function isKnown(subject: string): boolean {
  const [service = '', operation] = subject.split('/');
  if (operation === undefined) return [...SERVICES, CLOCK].includes(service);
  return SERVICES.includes(service) && /^[A-Z][A-Za-z]{2,40}$/.test(operation) && subject === `${service}/${operation}`;
}

function clockFault(word: string): ServiceFault {
  const [name, value = ''] = word.trim().split('=');
  const offset = OFFSET.exec(value);
  if (name !== 'offset' || offset === null)
    throw new FaultSpecError(`--faults: "${word}" is not offset=+<minutes>m or offset=-<minutes>m`);
  return { ...HEALTHY, offsetMinutes: Number(offset[1]) };
}

/** How far the functions' clock is off, in milliseconds. */
export const clockOffsetOf = (faults: Faults): number => (faults.get(CLOCK)?.offsetMinutes ?? 0) * 60_000;

function addFault(fault: ServiceFault, word: string): ServiceFault {
  const [name, value = ''] = word.trim().split('=');
  const delay = DELAY.exec(value);
  if (word.trim() === 'down') return { ...fault, errorRatio: 1 };
  if (word.trim() === 'throttle') return { ...fault, throttleRatio: 1 };
  if (word.trim() === 'hang') return { ...fault, hangs: true };
  if (name === 'error' && RATIO.test(value)) return { ...fault, errorRatio: Number(value) };
  if (name === 'throttle' && RATIO.test(value)) return { ...fault, throttleRatio: Number(value) };
  if (name === 'delay' && delay !== null)
    return { ...fault, delayMilliseconds: Number(delay[1]) * (delay[2] === 's' ? 1_000 : 1) };
  throw new FaultSpecError(
    `--faults: "${word}" is none of down, error=<0 to 1>, throttle, throttle=<0 to 1>, delay=<number>ms, delay=<number>s, hang`,
  );
}

/** Writes faults as `parseFaults` reads them; no faults are the empty text. */
export const formatFaults = (faults: Faults): string =>
  [...faults].map(([service, fault]) => `${service}:${formatFault(service, fault)}`).join(';');

function formatFault(service: string, fault: ServiceFault): string {
  const { errorRatio, throttleRatio, delayMilliseconds, hangs, offsetMinutes } = fault;
  if (service === CLOCK) return `offset=${offsetMinutes < 0 ? '' : '+'}${offsetMinutes}m`;
  const words = [
    ...(errorRatio > 0 ? [errorRatio === 1 ? 'down' : `error=${errorRatio}`] : []),
    ...(throttleRatio > 0 ? [throttleRatio === 1 ? 'throttle' : `throttle=${throttleRatio}`] : []),
    ...(delayMilliseconds > 0 ? [`delay=${formatDelay(delayMilliseconds)}`] : []),
    ...(hangs ? ['hang'] : []),
  ];
  return words.length === 0 ? 'error=0' : words.join(',');
}

const formatDelay = (milliseconds: number): string =>
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
  }

  /** Waits as told, then lets the call pass or answers as a failing service does. */
  async inject(service: string, operation = ''): Promise<'pass' | InjectedError> {
    const fault = this.#faults.get(`${service}/${operation}`) ?? this.#faults.get(service);
    if (fault === undefined) return 'pass';
    const { delayMilliseconds, errorRatio, throttleRatio, hangs } = fault;
    const waited = await this.#wait(hangs ? FOREVER_MILLISECONDS : delayMilliseconds);
    if (!waited || Math.random() < errorRatio) return FAILURE;
    if (Math.random() >= throttleRatio) return 'pass';
    return service === 'dynamodb' ? TABLE_THROTTLED : THROTTLED;
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
