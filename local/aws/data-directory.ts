import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, constants, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another host is running on the data directory. */
export class DataDirectoryInUseError extends Error {
  override readonly name = 'DataDirectoryInUseError';

  constructor(directory: string, processId?: number) {
    super(
      `the data directory ${directory} is in use by another local host${processId === undefined ? '' : ` (process ${processId})`}: stop that one, or choose another directory with --data-dir`,
    );
  }
}

/** The data directory cannot be used. */
class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** A data directory that belongs to this process until it is released. */
export interface DataDirectory {
  readonly path: string;
  release(): void;
}

/**
 * Creates the directory if necessary, only for its owner, and locks it. A lock of a dead process is ignored. Throws
 * `DataDirectoryInUseError` or `DataDirectoryError`.
 */
export function openDataDirectory(path: string): DataDirectory {
  prepare(path);
  const lock = join(path, 'lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (takeLock(lock)) return holdDirectory(path, lock);
    const holder = readHolder(lock);
    if (holder !== undefined && isRunning(holder)) throw new DataDirectoryInUseError(path, holder.processId);
    rmSync(lock, { force: true });
  }
  throw new DataDirectoryInUseError(path);
}

/** LevelDB makes its files as the process's mask lets it, so the mask keeps all others out for as long as the directory is held. */
function holdDirectory(path: string, lock: string): DataDirectory {
  const maskBefore = process.umask(0o077);
  const release = (): void => {
    process.umask(maskBefore);
    rmSync(lock, { force: true });
  };
  return { path, release };
}

function prepare(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown error';
    throw new DataDirectoryError(
      `the data directory ${path} cannot be written: make it yours, or choose another with --data-dir (${reason})`,
      { cause },
    );
  }
}

interface Holder {
  readonly processId: number;
  /** Distinguishes a process from a later one with the same number; empty if the system does not provide it. */
  readonly startedAt: string;
}

/** The lock appears with its content, in one step, and only where none is. */
function takeLock(lock: string): boolean {
  const draft = `${lock}.${randomUUID()}`;
  const holder: Holder = { processId: process.pid, startedAt: startOf(process.pid) };
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(lock: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isRunning({ processId, startedAt }: Holder): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return startOf(processId) === startedAt;
}

/** Start time in clock ticks since boot, the 22nd field of Linux's /proc/<pid>/stat; the second may hold spaces and brackets. */
function startOf(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
