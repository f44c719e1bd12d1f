const LONGEST = 48;

/** A department's name as a class that may stand in the ledger: small letters, digits and dashes of any script, at most 48; null where nothing is left. */
export function departmentClass(name: string | undefined): string | null {
  const words = (name ?? '').normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return Array.from(words.join('-')).slice(0, LONGEST).join('') || null;
}
