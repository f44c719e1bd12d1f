import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { Entry } from '#ledger';
import type { CaseBook } from '../../dist/apps/console/story/case-book.js';
import { messageFor } from '../../dist/apps/console/story/people.js';
import type { Teller } from '../../dist/apps/console/story/teller.js';
import type { Client } from '../../dist/apps/console/client.js';

/** What the story is told with. */
export interface Cast {
  readonly client: Client;
  readonly teller: Teller;
  readonly cases: CaseBook;
}

/** One vote on a phone about a case or an erasure; answers what the page said and the status of the form. */
export async function vote({ client, teller }: Cast, approver: string, about: string, how: 'approve' | 'reject' = 'approve', reason = ''): Promise<{ readonly page: string; readonly status: unknown }> {
  const { link } = await messageFor(client, teller, approver, about);
  const { page, posted } = await client.phone(`/phones/p-${approver}/${how}`, { json: { url: link, reason } });
  return { page: isJsonObject(page) ? JSON.stringify(page.text) : '', status: isJsonObject(posted) ? posted.status : posted };
}

/** Asks for an erasure. */
export function askErasure({ client }: Cast, body: JsonValue, token = client.token('requester-hr')): ReturnType<Client['gatekeeper']> {
  return client.gatekeeper('/v1/erasures', { token, json: body });
}

/** Waits for the end of an erasure, over whatever happens to the gatekeeper meanwhile. */
export function erasureEnds({ client, teller }: Cast, id: string): Promise<JsonObject> {
  return teller.until(`the end of ${id}`, async () => {
    const answer = await client.gatekeeper(`/v1/erasures/${id}`, { token: client.token('requester-hr') }).catch(() => undefined);
    return typeof answer?.body.ended === 'string' ? answer.body : undefined;
  }, 60);
}

/** The files below `folder` in which one of the words stands: as it is, or inside base64 or base64url. */
export function filesWith(folder: string, words: readonly string[], skip: readonly string[] = []): readonly string[] {
  const forms = words.flatMap(formsOf);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile() && !skip.some((one) => name.startsWith(one)));
  return files.filter((name) => holds(readFileSync(join(folder, name)), forms));
}

/** True where one of the words stands in the text, as it is or encoded. */
export function tells(text: string, words: readonly string[]): boolean {
  return holds(Buffer.from(text), words.flatMap(formsOf));
}

function holds(bytes: Buffer, forms: readonly string[]): boolean {
  return forms.some((form) => bytes.includes(form));
}

function formsOf(word: string): readonly string[] {
  // where a word begins within three bytes decides how its inner bytes are spelled
  const encoded = [0, 1, 2].flatMap((before) => {
    const raw = Buffer.concat([Buffer.alloc(before), Buffer.from(word)]);
    const inner = raw.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((raw.length * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [word, JSON.stringify(word).slice(1, -1), ...encoded];
}

/** Every sealed object inside an entry's data, by its path. */
export function sealedPaths(value: JsonValue, path = ''): readonly string[] {
  if (!isJsonObject(value)) return [];
  if (value.alg === 'A256GCM-HKDF-commit') return [path];
  return Object.entries(value).flatMap(([name, member]) => sealedPaths(member, path === '' ? name : `${path}.${name}`));
}

export function at(value: JsonValue | undefined, path: string): JsonValue | undefined {
  return path.split('.').reduce<JsonValue | undefined>((inner, name) => (isJsonObject(inner) ? inner[name] : undefined), value);
}

/** The rows of the table between two markers of a page, without the marks of code. */
export function table(page: string, name: string): readonly (readonly string[])[] {
  const [, inner = ''] = page.split(new RegExp(`<!-- ${name}:(?:begin|end) -->`));
  return inner.trim().split('\n').slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
}

/** A book as an auditor takes it away. */
export async function exported(client: Client, book: 'ledger' | 'journal'): Promise<{ readonly text: string; readonly entries: readonly Entry[] }> {
  const { text } = await client.notary(`/v1/tenants/acme/${book}/export`);
  return { text, entries: text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Entry) };
}
