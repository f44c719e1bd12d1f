import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Map } from 'immutable';
import type { JsonValue } from '#decider';
import { jsonIn, jsonPart, type SnapshotPart } from './snapshot.js';

/** How a machine's cases are written down, and which of them rest. */
export interface CaseCodec<Case> {
  /** True where nothing is left to do in the case: it is held packed from then on. */
  atRest(found: Case): boolean;
  encode(found: Case): JsonValue;
  decode(value: JsonValue): Case;
}

const [AWAKE, RESTING] = ['case/awake/', 'case/resting/'];
// a case is some kilobytes: a small window, and the least that zlib sets up for one
const PACKING = { level: 1, windowBits: 12, memLevel: 4, chunkSize: 4_096 };

/**
 * The cases of a fold by id; a value that never changes, `set` answers another. Cases at rest are the bulk of an old book: they are held as
 * packed bytes outside the garbage-collected heap, lose nothing, and are unpacked for whoever asks for one.
 */
export class Cases<Case> implements Iterable<readonly [string, Case]> {
  private constructor(
    private readonly codec: CaseCodec<Case>,
    private readonly awakened: Map<string, Case>,
    private readonly resting: Map<string, Uint8Array>,
  ) {}

  static none<Case>(codec: CaseCodec<Case>): Cases<Case> {
    return new Cases(codec, Map<string, Case>(), Map<string, Uint8Array>());
  }

  get size(): number {
    return this.awakened.size + this.resting.size;
  }

  has(id: string): boolean {
    return this.awakened.has(id) || this.resting.has(id);
  }

  get(id: string): Case | undefined {
    const awake = this.awakened.get(id);
    if (awake !== undefined) return awake;
    const packed = this.resting.get(id);
    return packed && this.#unpacked(packed);
  }

  set(id: string, found: Case): Cases<Case> {
    const { codec, awakened, resting } = this;
    if (!codec.atRest(found)) return new Cases(codec, awakened.set(id, found), resting.delete(id));
    // a copy, since zlib answers a view of all that it had set aside
    const packed = new Uint8Array(deflateRawSync(JSON.stringify(codec.encode(found)), PACKING));
    return new Cases(codec, awakened.delete(id), resting.set(id, packed));
  }

  /** Those in which something is left to do. */
  awake(): Iterable<readonly [string, Case]> {
    return this.awakened;
  }

  *keys(): Generator<string> {
    yield* this.awakened.keys();
    yield* this.resting.keys();
  }

  *values(): Generator<Case> {
    for (const [, found] of this) yield found;
  }

  *[Symbol.iterator](): Generator<readonly [string, Case]> {
    yield* this.awakened;
    for (const [id, packed] of this.resting) yield [id, this.#unpacked(packed)];
  }

  /** All of them as parts of a snapshot. */
  *parts(): Generator<SnapshotPart> {
    for (const [id, found] of this.awakened) yield jsonPart(`${AWAKE}${id}`, this.codec.encode(found));
    for (const [id, bytes] of this.resting) yield { name: `${RESTING}${id}`, bytes };
  }

  /** The cases among the parts of a snapshot; other parts are passed over. */
  static from<Case>(parts: readonly SnapshotPart[], codec: CaseCodec<Case>): Cases<Case> {
    const named = <Value>(prefix: string, valueOf: (part: SnapshotPart) => Value): Map<string, Value> =>
      Map<string, Value>().withMutations((map) => parts.forEach((part) => part.name.startsWith(prefix) && map.set(part.name.slice(prefix.length), valueOf(part))));
    return new Cases(codec, named(AWAKE, (part) => codec.decode(jsonIn(part))), named(RESTING, ({ bytes }) => bytes));
  }

  #unpacked(packed: Uint8Array): Case {
    return this.codec.decode(JSON.parse(inflateRawSync(packed).toString('utf8')) as JsonValue);
  }
}
