import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { CodedError } from '#decider';

/** Paths of a process's certificate, its key and the authority it trusts (PEM). */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const VARIABLES: TlsFiles = { ca: 'GATEHOUSE_TLS_CA', cert: 'GATEHOUSE_TLS_CERT', key: 'GATEHOUSE_TLS_KEY' };

/**
 * The PEM contents, for a Nest app's `httpsOptions`; `clients: 'asked'` also asks the peer for a certificate of the same authority.
 * @param named - where each path was set.
 * @throws CodedError `configuration` naming the one that cannot be read, is no PEM, or does not belong to the others.
 */
export function tlsOptions(files: TlsFiles, clients: 'asked' | 'ignored', named: TlsFiles = VARIABLES) {
  const ca = authorityPem(named.ca, files.ca);
  const cert = checked(named.cert, files.cert, 'a PEM certificate', (pem) => new X509Certificate(pem));
  const key = checked(named.key, files.key, `the PEM key of ${named.cert}`, (pem) => new X509Certificate(cert).checkPrivateKey(createPrivateKey(pem)));
  return {
    ca,
    cert,
    key,
    minVersion: 'TLSv1.2' as const,
    // a peer without a good certificate is told so by the guard in words, not by a torn connection
    ...(clients === 'asked' && { requestCert: true, rejectUnauthorized: false }),
  };
}

/** The public authorities beside our own (PEM): a system of somebody else's, such as Slack or a portal, is certified by one of them. */
export function withPublicAuthorities(ca: Buffer): string {
  return [...rootCertificates, ca.toString('utf8')].join('\n');
}

/** The PEM of an authority. @throws CodedError `configuration` naming the variable. */
export function authorityPem(variable: string, path: string): Buffer {
  return checked(variable, path, 'a PEM certificate', (pem) => new X509Certificate(pem));
}

function checked(where: string, path: string, what: string, check: (pem: Buffer) => unknown): Buffer {
  let pem: Buffer;
  try {
    pem = readFileSync(path);
  } catch (cause) {
    throw new CodedError('configuration', `${where}: ${path} cannot be read`, { cause });
  }
  try {
    if (check(pem) !== false) return pem;
  } catch {
    // said below, and without the cause: it may quote the key
  }
  throw new CodedError('configuration', `${where}: ${path} must be ${what}`);
}
