/** Whom a request names, as written. */
export type Claim = Readonly<{ kind: 'address' | 'name' | 'employee'; value: string }>;

const ADDRESS = /^[\x21-\x7e]+$/;
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];

/**
 * Whether the claim may look like somebody else's: any letter outside ASCII or a punycode label in an address
 * (company addresses have none), letters of several scripts in one word of a name (UTS 39, 5.1), and invisible characters.
 */
export function looksAlike({ kind, value }: Claim): boolean {
  const text = value.trim();
  if (kind !== 'name') return !ADDRESS.test(text) || /(^|[@.])xn--/i.test(text);
  if (/[\p{Cc}\p{Cf}\p{Co}]/u.test(text)) return true;
  return text.split(/[\s-]+/u).some((word) => SCRIPTS.filter((script) => script.test(word)).length > 1);
}
