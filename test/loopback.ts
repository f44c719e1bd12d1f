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
export async function ask(url: string, ca: Buffer, authorization?: string): Promise<Answer> {
  const { bytes, ...answer } = await askBytes(url, ca, authorization);
  return { ...answer, text: bytes.toString('utf8') };
}

/** The same for an answer that is not text. */
export function askBytes(url: string, ca: Buffer, authorization?: string): Promise<Omit<Answer, 'text'> & { readonly bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, ...(authorization !== undefined && { headers: { authorization } }) }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => void parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
