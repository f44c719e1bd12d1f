import { createHash, createHmac } from 'node:crypto';

/** Who signs: an access key's id and its secret. */
export interface AwsKey {
  readonly id: string;
  readonly secret: string;
}

/** What is signed: a request to S3. `headers` are all that shall be covered, by lower-case name, without host. */
export interface AwsRequest {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The request's headers with `x-amz-date`, `x-amz-content-sha256` and `authorization`: AWS Signature Version 4 for S3, payload included
 * (Amazon S3 API Reference, "Signature Calculations for the Authorization Header"). A path must be spelled as it is sent.
 */
export function awsSigned({ method, url, headers, body }: AwsRequest, key: AwsKey, region: string, now: Date): Readonly<Record<string, string>> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const digest = sha256(body);
  const sent: Readonly<Record<string, string>> = { ...headers, 'x-amz-content-sha256': digest, 'x-amz-date': time };
  const covered = Object.entries({ ...sent, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = covered.map(([name]) => name).join(';');
  const query = [...url.searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort().join('&');
  const canonical = [method, url.pathname, query, ...covered.map(([name, value]) => `${name}:${value.trim()}`), '', names, digest].join('\n');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const signingKey = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${key.secret}`);
  const signature = hmac(signingKey, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString('hex');
  return { ...sent, authorization: `AWS4-HMAC-SHA256 Credential=${key.id}/${scope.join('/')},SignedHeaders=${names},Signature=${signature}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
