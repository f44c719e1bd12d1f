import { type webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { writePrivate } from './private-files.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEARS_MS = 5 * 365 * 24 * 3_600_000;

/** Makes the authority and one certificate an identity, where they are missing, in `folder`. */
export async function makeCertificates(folder: string, identities: readonly string[], now: Date): Promise<void> {
  const authority = await makeAuthority(folder, now);
  for (const name of identities) if (!existsSync(join(folder, `${name}.pem`))) await issue(folder, name, authority, now);
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

async function makeAuthority(folder: string, now: Date): Promise<Authority> {
  const [certFile, keyFile] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  if (existsSync(certFile)) {
    const pem = x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8'));
    return { certificate: new x509.X509Certificate(readFileSync(certFile, 'utf8')), key: await crypto.subtle.importKey('pkcs8', pem, ALGORITHM, true, ['sign']) };
  }
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Gatehouse start authority',
    ...validity(now),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)],
  });
  writePrivate(certFile, certificate.toString('pem'));
  writePrivate(keyFile, await privateKeyPem(keys.privateKey));
  return { certificate, key: keys.privateKey };
}

async function issue(folder: string, name: string, authority: Authority, now: Date): Promise<void> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('hex').replace(/^./, '1'),
    subject: `CN=${name}`,
    issuer: authority.certificate.subject,
    ...validity(now),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  writePrivate(join(folder, `${name}.key`), await privateKeyPem(keys.privateKey));
  writePrivate(join(folder, `${name}.pem`), certificate.toString('pem'));
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function validity(now: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - 3_600_000), notAfter: new Date(now.getTime() + YEARS_MS) };
}
