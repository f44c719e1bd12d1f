import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { tlsOptions } from '#edge';
import { loopbackCertificate } from '../eventstore/node/contract/certificate.js';

/** What an app answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** TLS for an app under test, which vouches for itself. */
export async function loopbackTls(): Promise<ReturnType<typeof tlsOptions>> {
  const { cert, key } = await loopbackCertificate();
  return { ca: Buffer.from(cert), cert: Buffer.from(cert), key: Buffer.from(key), minVersion: 'TLSv1.2' };
}

/** One GET over a connection of its own. Rejects when the answer is torn. */
export function ask(url: string, ca: Buffer, authorization?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, ...(authorization !== undefined && { headers: { authorization } }) }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => void parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
