import { setTimeout } from 'node:timers/promises';

/** What is made to go wrong with one AWS service. */
export interface ServiceFault {
  /** Share of calls that fail, 0 to 1. */
  readonly errorRatio: number;
  readonly delayMilliseconds: number;
}

/** By service as in a credential scope: `dynamodb`, `secretsmanager`. */
export type Faults = ReadonlyMap<string, ServiceFault>;

const SERVICES = ['dynamodb', 'secretsmanager', 'kms', 'sts', 'iam', 'lambda'];
const RATIO = /^(0(\.\d+)?|1(\.0+)?)$/;
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
    if (!SERVICES.includes(service) || words === '' || rest.length > 0 || faults.has(service)) {
      throw new FaultSpecError(
        `--faults: "${part}" is not <service>:<fault>,… of one of ${SERVICES.join(', ')}, each once`,
      );
    }
    faults.set(service, words.split(',').reduce(addFault, { errorRatio: 0, delayMilliseconds: 0 }));
  }
  return faults;
}

function addFault(fault: ServiceFault, word: string): ServiceFault {
  const [name, value = ''] = word.trim().split('=');
  const delay = DELAY.exec(value);
  if (word.trim() === 'down') return { ...fault, errorRatio: 1 };
  if (name === 'error' && RATIO.test(value)) return { ...fault, errorRatio: Number(value) };
  if (name === 'delay' && delay !== null)
    return { ...fault, delayMilliseconds: Number(delay[1]) * (delay[2] === 's' ? 1_000 : 1) };
  throw new FaultSpecError(`--faults: "${word}" is none of down, error=<0 to 1>, delay=<number>ms, delay=<number>s`);
}

const FAILURE = { error: 'InternalServerError', status: 500 } as const;

/** What the AWS stand-ins ask before each call. */
export class FaultInjector {
  #faults: Faults;
  readonly #closing = new AbortController();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** From now on these faults and no others. */
  set(faults: Faults): void {
    this.#faults = faults;
  }

  /** Waits as told, then lets the call pass or answers as a failing service does. */
  async inject(service: string): Promise<'pass' | typeof FAILURE> {
    const fault = this.#faults.get(service);
    if (fault === undefined) return 'pass';
    const { delayMilliseconds, errorRatio } = fault;
    const waited = await setTimeout(delayMilliseconds, true, { signal: this.#closing.signal }).catch(() => false);
    return waited && Math.random() >= errorRatio ? 'pass' : FAILURE;
  }

  /** Ends all waiting; what waited fails. */
  close(): void {
    this.#closing.abort();
  }
}
