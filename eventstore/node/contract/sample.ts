import { randomUUID } from 'node:crypto';
import db from '@eventstore/db-client';

/** A binary event with a fresh id; its data, when none is given, is that id. */
export function sampleEvent(data?: Uint8Array): db.BinaryEventData {
  const id = randomUUID();
  return db.binaryEvent({ id, type: 'store.tested', data: data ?? Buffer.from(id) });
}

/** So many fresh events. */
export function sampleEvents(count: number): db.BinaryEventData[] {
  return Array.from({ length: count }, () => sampleEvent());
}

/** A stream that no other test writes to. */
export function freshStream(): string {
  return `tested-${randomUUID()}`;
}

/** What a read delivers, as a list. */
export async function collect<T>(reading: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of reading) all.push(item);
  return all;
}
