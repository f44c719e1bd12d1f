import { isJsonObject, type JsonValue } from '#decider';
import type { RequestOptions } from './passkey.js';

/** A form of a page: where it goes and the values it carries. */
export interface PageForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a phone makes out of a link page. */
export interface LinkPage {
  /** The page as its reader sees it, without markup. */
  readonly text: string;
  readonly options: RequestOptions | undefined;
  readonly forms: readonly PageForm[];
}

/** Reads a page as tolerantly as a browser would: attributes in any order and quoting. */
export function readPage(html: string): LinkPage {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head = '', inner = '']) => ({
    action: attribute(head, 'action') ?? '',
    fields: fieldsIn(inner),
  }));
  return { text: textOf(html), options: optionsIn(html), forms };
}

/** The form that takes a vote: one that is for this vote alone, or else the first that carries a csrf value. */
export function formFor(page: LinkPage, vote: string): PageForm | undefined {
  return page.forms.find(({ fields }) => fields.vote === vote) ?? page.forms.find(({ fields }) => 'csrf' in fields);
}

function fieldsIn(html: string): Readonly<Record<string, string>> {
  const inputs = [...html.matchAll(/<input\b([^>]*)>/gi)].map(([, head = '']) => head);
  return Object.fromEntries(
    inputs.flatMap((head) => {
      const name = attribute(head, 'name');
      return name !== undefined && attribute(head, 'type') === 'hidden' ? [[name, attribute(head, 'value') ?? '']] : [];
    }),
  );
}

function optionsIn(html: string): RequestOptions | undefined {
  for (const [, head = '', inner = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (attribute(head, 'id') !== 'webauthn-options') continue;
    try {
      return optionsOf(JSON.parse(inner) as JsonValue);
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function optionsOf(value: JsonValue): RequestOptions | undefined {
  if (!isJsonObject(value)) return undefined;
  const { challenge, rpId, allowCredentials } = value;
  if (typeof challenge !== 'string' || typeof rpId !== 'string') return undefined;
  const allowed = Array.isArray(allowCredentials) ? (allowCredentials as readonly JsonValue[]).filter(isJsonObject) : [];
  return { challenge, rpId, allowCredentials: allowed.flatMap(({ id }) => (typeof id === 'string' ? [{ id }] : [])) };
}

function attribute(head: string, name: string): string | undefined {
  const [, , quoted, single, bare] = new RegExp(`(^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(head) ?? [];
  const value = quoted ?? single ?? bare;
  return value === undefined ? undefined : unescaped(value);
}

function textOf(html: string): string {
  const visible = html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]+>/g, ' ');
  return unescaped(visible).replace(/\s+/g, ' ').trim();
}

const ENTITIES: ReadonlyMap<string, string> = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }));

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    return String.fromCodePoint(decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16));
  });
}
