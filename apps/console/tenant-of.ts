import { createReadStream } from 'node:fs';
import { codeOf } from '#decider';
import { decodeEntry, exportedEntries } from '#ledger';

/** Whose an export says it is, by its first entry; empty where that is none, which verification then names. @throws what reading throws. */
export async function tenantOf(file: string): Promise<string> {
  for await (const { bytes } of exportedEntries(createReadStream(file))) return tenantIn(bytes);
  return '';
}

/** The tenant that an entry states; empty where the bytes are no entry. */
export function tenantIn(bytes: Uint8Array): string {
  try {
    return decodeEntry(bytes).tenant;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return '';
  }
}
