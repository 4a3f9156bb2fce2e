import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireCounterpart } from './counterparts.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority of one test, made by openssl. */
export class CertificateAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'widget-gate-certificates-'));

  constructor() {
    requireCounterpart('openssl');
    const isAuthority = ['-addext', 'basicConstraints=critical,CA:TRUE'];
    this.#openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-subj',
      '/CN=Test Authority',
      ...isAuthority,
    );
  }

  get cert(): string {
    return this.#read('ca.crt');
  }

  /** A certificate for a host name or address. With -1 days it has expired. */
  issue(host: string, days = 2): Certificate {
    const kind = /^[\d.]+$/.test(host) ? 'IP' : 'DNS';
    writeFileSync(join(this.#folder, 'names'), `subjectAltName=${kind}:${host}\n`);
    this.#openssl('req', '-new', ...NEW_KEY, '-keyout', 'own.key', '-out', 'own.csr', '-subj', `/CN=${host}`);
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', String(days)];
    this.#openssl('x509', '-req', '-in', 'own.csr', '-out', 'own.crt', ...signed);
    return { key: this.#read('own.key'), cert: this.#read('own.crt') };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
