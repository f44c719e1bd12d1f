import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** An identity in PEM: the authority, the certificate and its key. */
export interface Identity {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate authority for one spec; its certificates are good for an hour, at 127.0.0.1 and localhost. */
export async function authority(): Promise<(commonName: string) => Promise<Identity>> {
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000), signingAlgorithm: ALGORITHM };
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=spec', keys, ...validity, extensions: [new x509.BasicConstraintsExtension(true)] });
  return async (commonName) => {
    const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const names = new x509.SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      { type: 'dns', value: 'localhost' },
    ]);
    const subject = { subject: `CN=${commonName}`, issuer: root.subject, publicKey: own.publicKey, signingKey: keys.privateKey };
    const cert = await x509.X509CertificateGenerator.create({ ...subject, ...validity, extensions: [names] });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
    return { ca: Buffer.from(root.toString('pem')), cert: Buffer.from(cert.toString('pem')), key: Buffer.from(`-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`) };
  };
}
