import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Map, OrderedMap } from 'immutable';
import type { JsonValue } from '#decider';
import { jsonIn, jsonPart, type SnapshotPart } from './snapshot.js';

/** How a machine's cases are written down, and which of them rest. */
export interface CaseCodec<Case> {
  /** True where nothing is left to do in the case. */
  atRest(found: Case): boolean;
  encode(found: Case): JsonValue;
  decode(value: JsonValue): Case;
}

const [AWAKE, RESTING] = ['case/awake/', 'case/resting/'];
/** So many cases in which something is left to do are held unpacked, those that were touched last. */
const IN_HAND = 256;
// a case is some kilobytes: a small window, and the least that zlib sets up for one
const PACKING = { level: 1, windowBits: 12, memLevel: 4, chunkSize: 4_096 };

/**
 * The cases of a fold by id; a value that never changes, `set` answers another. Cases at rest are the bulk of an old book, and those that wait
 * for their day the bulk of what is open: both are held as packed bytes outside the garbage-collected heap, lose nothing, and are unpacked
 * for whoever asks for one.
 */
export class Cases<Case> implements Iterable<readonly [string, Case]> {
  private constructor(
    private readonly codec: CaseCodec<Case>,
    /** Awake ones, the one that was touched last at the end. */
    private readonly inHand: OrderedMap<string, Case>,
    /** The other awake ones. */
    private readonly waiting: Map<string, Uint8Array>,
    private readonly resting: Map<string, Uint8Array>,
  ) {}

  static none<Case>(codec: CaseCodec<Case>): Cases<Case> {
    return new Cases<Case>(codec, OrderedMap<string, Case>(), Map<string, Uint8Array>(), Map<string, Uint8Array>());
  }

  get size(): number {
    return this.inHand.size + this.waiting.size + this.resting.size;
  }

  has(id: string): boolean {
    return this.inHand.has(id) || this.waiting.has(id) || this.resting.has(id);
  }

  get(id: string): Case | undefined {
    const inHand = this.inHand.get(id);
    if (inHand !== undefined) return inHand;
    const packed = this.waiting.get(id) ?? this.resting.get(id);
    return packed && this.#unpacked(packed);
  }

  set(id: string, found: Case): Cases<Case> {
    const { codec, inHand, waiting, resting } = this;
    if (codec.atRest(found)) return new Cases<Case>(codec, inHand.delete(id), waiting.delete(id), resting.set(id, this.#packed(found)));
    const touched = inHand.delete(id).set(id, found);
    return new Cases<Case>(codec, touched, waiting.delete(id), resting.delete(id)).#laidAside();
  }

  /** Those in which something is left to do. */
  *awake(): Generator<readonly [string, Case]> {
    yield* this.inHand;
    for (const [id, packed] of this.waiting) yield [id, this.#unpacked(packed)];
  }

  *keys(): Generator<string> {
    for (const held of [this.inHand, this.waiting, this.resting]) yield* held.keys();
  }

  *values(): Generator<Case> {
    for (const [, found] of this) yield found;
  }

  *[Symbol.iterator](): Generator<readonly [string, Case]> {
    yield* this.awake();
    for (const [id, packed] of this.resting) yield [id, this.#unpacked(packed)];
  }

  /** All of them as parts of a snapshot. */
  *parts(): Generator<SnapshotPart> {
    for (const [id, found] of this.awake()) yield jsonPart(`${AWAKE}${id}`, this.codec.encode(found));
    for (const [id, bytes] of this.resting) yield { name: `${RESTING}${id}`, bytes };
  }

  /** The cases among the parts of a snapshot; other parts are passed over. */
  static from<Case>(parts: readonly SnapshotPart[], codec: CaseCodec<Case>): Cases<Case> {
    const named = (prefix: string): readonly (readonly [string, SnapshotPart])[] =>
      parts.filter(({ name }) => name.startsWith(prefix)).map((part) => [part.name.slice(prefix.length), part]);
    const resting = Map(named(RESTING).map(([id, { bytes }]) => [id, bytes] as const));
    const none = new Cases<Case>(codec, OrderedMap<string, Case>(), Map<string, Uint8Array>(), resting);
    return named(AWAKE).reduce((cases, [id, part]) => cases.set(id, codec.decode(jsonIn(part))), none);
  }

  /** The same cases, with what was touched longest ago packed where too many are in hand. */
  #laidAside(): Cases<Case> {
    const { codec, inHand, waiting, resting } = this;
    const [oldest] = inHand.size > IN_HAND ? inHand : [];
    if (!oldest) return this;
    const [id, found] = oldest;
    return new Cases<Case>(codec, inHand.delete(id), waiting.set(id, this.#packed(found)), resting);
  }

  #packed(found: Case): Uint8Array {
    // a copy, since zlib answers a view of all that it had set aside
    return new Uint8Array(deflateRawSync(JSON.stringify(this.codec.encode(found)), PACKING));
  }

  #unpacked(packed: Uint8Array): Case {
    return this.codec.decode(JSON.parse(inflateRawSync(packed).toString('utf8')) as JsonValue);
  }
}
