import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const digestOf = (...texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex').slice(0, 24);
};

/** What earlier runs found out, in one file: a run that was ended goes on where it stopped. */
export class Records<Value> {
  readonly #file: string;
  readonly #values: Map<string, Value>;

  constructor(file: string) {
    this.#file = file;
    this.#values = new Map(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [string, Value][]) : []);
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  entries(): [string, Value][] {
    return [...this.#values];
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  /** Written at once, and whole or not at all. */
  set(key: string, value: Value): void {
    this.#values.set(key, value);
    mkdirSync(dirname(this.#file), { recursive: true });
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify([...this.#values]));
    renameSync(draft, this.#file);
  }
}
