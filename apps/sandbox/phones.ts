import { join } from 'node:path';
import type { JsonValue } from '#decider';
import { AppendFile } from './append-file.js';
import { jsonBody } from './body.js';
import { formFor, type LinkPage, readPage } from './link-page.js';
import { local } from './local.js';
import type { Caller, Incoming } from './outgoing.js';
import { assertion, enrolled, type EnrolledPasskey, makePasskey, type Passkey } from './passkey.js';
import { type Answer, type Call, type Place, type Running, startService } from './service.js';

/** What came of a vote: the page as it was read, and the answer to the form, or why none was sent. */
interface Voted {
  readonly page: { readonly status: number; readonly text: string };
  readonly posted: ReturnType<typeof shown> | null;
  readonly why?: 'no_form' | 'wrong_site' | 'no_passkey';
}

interface Sent {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Everybody's phone: it opens a link, reads the page and answers it with the passkey that it keeps. */
export class Phones {
  private readonly passkeys = new Map<string, Passkey>();
  private readonly lastSent = new Map<string, Sent>();
  private readonly file: AppendFile<Passkey>;

  constructor(
    folder: string,
    private readonly caller: Caller,
  ) {
    this.file = AppendFile.open<Passkey>(join(folder, 'phones.jsonl'), (passkey) => this.passkeys.set(passkey.person, passkey));
  }

  /** The person's passkey as it is enrolled; made when first asked for, and the same ever after. */
  passkeyOf(person: string): EnrolledPasskey {
    return enrolled(this.keyOf(person));
  }

  owners(): readonly string[] {
    return [...this.passkeys.keys()];
  }

  /** Opens a link as a scanner or a person would, and answers nothing. */
  async fetch(url: URL): Promise<{ readonly incoming: Incoming; readonly page: LinkPage }> {
    const incoming = await this.caller.call({ method: 'GET', url, headers: { accept: 'text/html' } });
    return { incoming, page: readPage(incoming.body.toString('utf8')) };
  }

  /** Opens the link and fills its form; an approval is signed over the page's challenge when the page asks for that. */
  async vote(person: string, url: URL, vote: 'approve' | 'reject', reason: string): Promise<Voted> {
    const { incoming, page } = await this.fetch(url);
    const seen = { status: incoming.status, text: page.text };
    const form = formFor(page, vote);
    if (!form) return { page: seen, posted: null, why: 'no_form' };
    const fields: Record<string, string> = { ...form.fields, vote, reason };
    if (vote === 'approve' && page.options) {
      const signed = assertion(this.keyOf(person), page.options, url.origin);
      if (typeof signed === 'string') return { page: seen, posted: null, why: signed };
      fields.assertion = JSON.stringify(signed);
    }
    const sent = { url: new URL(form.action, url), headers: browserHeaders(url, incoming), body: new URLSearchParams(fields).toString() };
    this.lastSent.set(person, sent);
    return { page: seen, posted: shown(await this.caller.call({ method: 'POST', ...sent })) };
  }

  /** Sends the last form once more, byte for byte; undefined when there was none. */
  async repeat(person: string): Promise<ReturnType<typeof shown> | undefined> {
    const sent = this.lastSent.get(person);
    return sent && shown(await this.caller.call({ method: 'POST', ...sent }));
  }

  close(): void {
    this.file.close();
  }

  private keyOf(person: string): Passkey {
    const known = this.passkeys.get(person);
    if (known) return known;
    const made = makePasskey(person);
    this.file.append(made);
    this.passkeys.set(person, made);
    return made;
  }
}

/** Steers the phones: `/phones/<person>` and below it `fetch`, `approve`, `reject` and `repeat`. */
export function startPhones(phones: Phones, place: Place): Promise<Running> {
  return startService(place, local((call) => answer(phones, call)));
}

async function answer(phones: Phones, call: Call): Promise<Answer> {
  const [root, person, what, ...more] = call.path;
  if (root !== 'phones' || more.length > 0) return { status: 404, body: { error: 'not_found' } };
  if (person === undefined) return { status: 200, body: { phones: phones.owners() } };
  if (!/^p-[A-Za-z0-9._-]{1,64}$/.test(person)) return { status: 404, body: { error: 'no_such_person' } };
  if (what === undefined) return { status: 200, body: phones.passkeyOf(person) };
  if (call.method !== 'POST') return { status: 405, body: { error: 'method_not_allowed' } };
  if (what === 'repeat') {
    const posted = await phones.repeat(person);
    return posted ? { status: 200, body: { posted } } : { status: 409, body: { error: 'nothing_sent_yet' } };
  }
  const body = jsonBody(call);
  const url = loopbackUrl(body?.url);
  if (!url) return { status: 400, body: { error: 'url_needed', detail: 'an http or https address on this machine' } };
  const reason = typeof body?.reason === 'string' ? body.reason : '';
  try {
    if (what === 'approve' || what === 'reject') return { status: 200, body: await phones.vote(person, url, what, reason) };
    if (what !== 'fetch') return { status: 404, body: { error: 'not_found' } };
    const { incoming, page } = await phones.fetch(url);
    return { status: 200, body: { status: incoming.status, headers: incoming.headers, text: page.text, options: page.options ?? null, forms: page.forms.length } };
  } catch {
    return { status: 502, body: { error: 'page_unreachable' } };
  }
}

// the phones of a sandbox open nothing that is not on this machine
function loopbackUrl(value: JsonValue | undefined): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return url && /^https?:$/.test(url.protocol) && (url.hostname === 'localhost' || url.hostname === '127.0.0.1') ? url : undefined;
}

function browserHeaders(url: URL, page: Incoming): Readonly<Record<string, string>> {
  const cookies = (page.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '').join('; ');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    origin: url.origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    ...(cookies !== '' && { cookie: cookies }),
  };
}

function shown({ status, headers, body }: Incoming) {
  return { status, location: headers.location ?? null, text: readPage(body.toString('utf8')).text };
}
