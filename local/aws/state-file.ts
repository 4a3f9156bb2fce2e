import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One JSON document, kept in a file that only its owner can read, or in memory when there is no file. */
export class StateFile<State> {
  readonly #file: string | undefined;
  #state: State;

  constructor(file: string | undefined, initial: State) {
    this.#file = file;
    this.#state = (file === undefined ? undefined : readJson<State>(file)) ?? initial;
  }

  get state(): State {
    return this.#state;
  }

  /** Returns once the new state is on the disk. A kill at any moment leaves either the old or the new one. */
  replace(state: State): void {
    if (this.#file !== undefined) writeAtomically(this.#file, JSON.stringify(state));
    this.#state = state;
  }
}

function readJson<State>(file: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as State;
  } catch (cause) {
    throw new Error(`${file} is damaged: restore it from a backup, or move the data directory away to start again`, {
      cause,
    });
  }
}

function writeAtomically(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  const directory = openSync(dirname(file), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
