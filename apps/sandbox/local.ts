import type { Answer, Call } from './service.js';

/**
 * Lets only callers of this machine steer: a web page that somebody has open could reach loopback too, so a request
 * under another host's name (rebinding) or from another site's page is refused.
 */
export function local(handle: (call: Call) => Answer | Promise<Answer>): (call: Call) => Answer | Promise<Answer> {
  return (call) => {
    const host = (call.headers.host ?? '').replace(/:\d+$/, '');
    const fromPage = call.headers.origin !== undefined || !['none', 'same-origin', undefined].includes(call.headers['sec-fetch-site']?.toString());
    if ((host !== '127.0.0.1' && host !== 'localhost') || fromPage) return { status: 403, body: { error: 'local_callers_only' } };
    return handle(call);
  };
}
