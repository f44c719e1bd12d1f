import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { TlsFiles } from '#edge';

x509.cryptoProvider.set(webcrypto);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const validity = () => ({ notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) });

/** A certificate of one authority for each name, as files in a new folder. */
export async function certificates(...names: readonly string[]): Promise<ReadonlyMap<string, TlsFiles>> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-approvals-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const extensions = [new x509.BasicConstraintsExtension(true, undefined, true)];
  const root = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=authority', keys, signingAlgorithm: ALGORITHM, ...validity(), extensions });
  const ca = file('ca.pem', root.toString('pem'));
  const issued = names.map(async (name) => {
    const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const san = new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }, { type: 'ip', value: '127.0.0.1' }]);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`, issuer: root.subject, publicKey: own.publicKey, signingKey: keys.privateKey, signingAlgorithm: ALGORITHM, ...validity(), extensions: [san],
    });
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
    return [name, { ca, cert: file(`${name}.pem`, certificate.toString('pem')), key: file(`${name}.key`, key) }] as const;
  });
  return new Map(await Promise.all(issued));
}
