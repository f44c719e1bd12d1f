import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '#decider';
import { Seeded } from '../../apps/sandbox/seeded.js';

const FOLDER = join(process.env['GATEHOUSE_SHARED'] ?? join(process.cwd(), '..', 'shared'), 'data', 'injection');

/** Whether the corpora are on this machine; without them says so, and how to have them. */
export function corporaAreThere(suite: string): boolean {
  const there = existsSync(FOLDER);
  if (!there) console.warn(`SKIPPED: ${suite}, for the injection corpora are not at ${FOLDER}; set GATEHOUSE_SHARED to the folder that holds data/injection`);
  return there;
}

/** Texts of one label, the same for the same seed: of each file in turn one, until there are enough or none is left. */
export function drawn(label: 'injection' | 'benign', count: number, seed: number, files: (name: string) => boolean = () => true): readonly string[] {
  const chance = new Seeded(seed);
  const heaps = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl') && files(name)).sort().map((name) => shuffled(textsOf(join(FOLDER, name), label), chance));
  const texts: string[] = [];
  for (let round = 0; texts.length < count && heaps.some((heap) => heap.length > round); round += 1) texts.push(...heaps.flatMap((heap) => heap[round] ?? []));
  return texts.slice(0, count);
}

/** The same things in an order of chance. */
export function shuffled<T>(things: readonly T[], chance: Seeded): readonly T[] {
  return things.map((thing) => ({ thing, when: chance.next() })).sort((a, b) => a.when - b.when).map(({ thing }) => thing);
}

function textsOf(path: string, label: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').flatMap((line) => {
    const row = JSON.parse(line) as JsonValue;
    // what our edge refuses outright is no case at all
    return isJsonObject(row) && row.label === label && typeof row.text === 'string' && row.text.isWellFormed() && row.text.length < 20_000 ? [row.text] : [];
  });
}
