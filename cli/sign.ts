import { createHmac, hash } from 'node:crypto';
import type { SignableRequest } from '../clients/challenge.ts';

/** The signature of `POST /` in hex (AWS Signature Version 4, service `sts`). */
export function signRequest({ region, amzDate, headers, body }: SignableRequest, secretAccessKey: string): string {
  const scope = [amzDate.slice(0, 8), region, 'sts', 'aws4_request'];
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names.join(';'), hash('sha256', body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), hash('sha256', canonical)].join('\n');
  const key = scope.reduce<Buffer>((parent, part) => hmac(parent, part), Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, toSign).toString('hex');
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
