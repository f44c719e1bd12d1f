import { createHmac, timingSafeEqual } from 'node:crypto';

/** The cookie that binds a form to the browser it was shown in; `__Host-` keeps other hosts from setting it. */
export const CSRF_COOKIE = '__Host-gatehouse';

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The secret that this browser brought, if it is one of ours. */
export function cookieSecret(header: string | undefined): string | undefined {
  const values = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  const [found, ...more] = values.filter(([name]) => name === CSRF_COOKIE);
  const secret = more.length === 0 ? found?.[1] : undefined;
  return secret !== undefined && SECRET.test(secret) ? secret : undefined;
}

/** `Set-Cookie` for a new browser. Lax, because the link is followed from Slack; the form's POST is same-site. */
export function setCookie(secret: string): string {
  return `${CSRF_COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600`;
}

/** The form's token: it needs no memory here, survives a restart, and fits one browser and one link. */
export function csrfToken(secret: string, link: string): string {
  return createHmac('sha256', secret).update(`gatehouse/csrf/v1\0${link}`).digest('base64url');
}

/** True when a form came from the page that this browser was shown. */
export function csrfHolds(secret: string | undefined, link: string, token: unknown): boolean {
  if (secret === undefined || typeof token !== 'string') return false;
  const [expected, given] = [Buffer.from(csrfToken(secret, link)), Buffer.from(token)];
  return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
}

/**
 * True unless the browser says that another site sent the form.
 * `Origin` is asked only where `Sec-Fetch-Site` is missing: under `Referrer-Policy: no-referrer` it is `null`.
 */
export function sameOrigin(headers: { readonly 'sec-fetch-site'?: unknown; readonly origin?: unknown }, origin: string): boolean {
  if (headers['sec-fetch-site'] !== undefined) return headers['sec-fetch-site'] === 'same-origin';
  return headers.origin === undefined || headers.origin === origin;
}
