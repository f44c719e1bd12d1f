import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, type JsonObject } from '#decider';
import { jcs } from './canonical.js';
import type { Folded, SnapshotPart, Snapshots, StateCodec } from './snapshot.js';
import { CompactRange } from './tree.js';

/** Which book a snapshot is of, where it lies, and what it is believed by. */
export interface SnapshotFileOptions<State> {
  /** A folder of this process alone; made where it is missing. */
  readonly folder: string;
  readonly tenant: string;
  readonly stream: string;
  /** The code that folds: what another version folded is not taken over. */
  readonly code: string;
  /** A secret of this process alone (32 bytes or more): whoever can write the file but does not have it cannot invent a state. */
  readonly key: Uint8Array;
  readonly codec: StateCodec<State>;
  /** Hears why a snapshot was thrown away, or could not be kept. */
  readonly heard: (event: 'snapshot_thrown_away' | 'snapshot_not_kept', code: string) => void;
}

const MAC_BYTES = 32;
const LENGTH_BYTES = 4;
const CHUNK_BYTES = 1 << 20;

/**
 * One snapshot of one book in a file of mode 0600: a header (book, code, head, root and peaks of the tree), the parts of the state, each behind
 * its name and length, and an HMAC-SHA-256 over all of it. Written beside the old one and renamed over it.
 */
export class SnapshotFile<State> implements Snapshots<State> {
  readonly #path: string;

  constructor(private readonly options: SnapshotFileOptions<State>) {
    this.#path = join(options.folder, `${options.stream}.snapshot`);
  }

  async read(): Promise<Folded<State> | undefined> {
    try {
      return this.#folded(await readFile(this.#path));
    } catch (error) {
      const code = reasonOf(error) ?? 'snapshot_malformed';
      if (code !== 'ENOENT') this.options.heard('snapshot_thrown_away', code);
      return undefined;
    }
  }

  async write(folded: Folded<State>): Promise<void> {
    const { folder, heard } = this.options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rm(`${this.#path}.new`, { force: true });
      await this.#writeTo(`${this.#path}.new`, folded);
      await rename(`${this.#path}.new`, this.#path);
      const names = await open(folder, 'r');
      await names.sync().finally(() => names.close());
    } catch (error) {
      heard('snapshot_not_kept', reasonOf(error) ?? 'fault');
    }
  }

  #folded(file: Buffer): Folded<State> {
    const { key, codec, tenant, stream, code } = this.options;
    const body = file.subarray(0, -MAC_BYTES);
    const mac = createHmac('sha256', key).update(body).digest();
    if (file.length <= MAC_BYTES || !timingSafeEqual(mac, file.subarray(-MAC_BYTES))) throw new CodedError('snapshot_mac', 'not what this process wrote');
    const [first, ...parts] = partsIn(body);
    const header = JSON.parse(Buffer.from(first?.bytes ?? []).toString('utf8')) as Header;
    if (header.tenant !== tenant || header.stream !== stream) throw new CodedError('snapshot_of_another_book', `of ${header.stream}`);
    if (header.code !== code) throw new CodedError('snapshot_of_other_code', 'another version folded it');
    const { head, peaks: hexes, root } = header;
    const peaks = hexes.map((hex) => Buffer.from(hex, 'hex'));
    const tree = CompactRange.over(head.seq + 1, peaks);
    if (Buffer.from(tree.root()).toString('hex') !== root) throw new CodedError('snapshot_root', 'its tree has another root');
    return { head, peaks, state: codec.decode(parts) };
  }

  async #writeTo(path: string, { head, peaks, state }: Folded<State>): Promise<void> {
    const { key, codec, tenant, stream, code } = this.options;
    const root = Buffer.from(CompactRange.over(head.seq + 1, peaks).root()).toString('hex');
    const header: Header = { tenant, stream, code, head, root, peaks: peaks.map((peak) => Buffer.from(peak).toString('hex')) };
    const mac = createHmac('sha256', key);
    const file = await open(path, 'wx', 0o600);
    try {
      let chunk: Uint8Array[] = [];
      let bytes = 0;
      // the event loop gets its turn at each chunk: the state cannot change meanwhile
      const flush = async (): Promise<void> => {
        const together = Buffer.concat(chunk);
        [chunk, bytes] = [[], 0];
        mac.update(together);
        await file.writeFile(together);
      };
      const put = async (part: SnapshotPart): Promise<void> => {
        for (const piece of framed(part)) {
          chunk.push(piece);
          bytes += piece.length;
        }
        if (bytes >= CHUNK_BYTES) await flush();
      };
      await put({ name: 'header', bytes: jcs(header as Header & JsonObject) });
      for (const part of codec.encode(state)) await put(part);
      await flush();
      await file.writeFile(mac.digest());
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

interface Header {
  readonly tenant: string;
  readonly stream: string;
  readonly code: string;
  readonly head: Folded<unknown>['head'];
  readonly root: string;
  readonly peaks: readonly string[];
}

function framed({ name, bytes }: SnapshotPart): readonly Uint8Array[] {
  const called = Buffer.from(name, 'utf8');
  const lengths = Buffer.alloc(2 * LENGTH_BYTES);
  lengths.writeUInt32BE(called.length, 0);
  lengths.writeUInt32BE(bytes.length, LENGTH_BYTES);
  return [lengths, called, bytes];
}

/** The parts stay views of the file's bytes: a large state is not copied. */
function partsIn(body: Buffer): readonly SnapshotPart[] {
  const parts: SnapshotPart[] = [];
  for (let at = 0; at < body.length; ) {
    const name = at + 2 * LENGTH_BYTES;
    const bytes = name + body.readUInt32BE(at);
    const end = bytes + body.readUInt32BE(at + LENGTH_BYTES);
    parts.push({ name: body.toString('utf8', name, bytes), bytes: body.subarray(bytes, end) });
    at = end;
  }
  return parts;
}

/** The closed code of an error of ours or of the system. */
function reasonOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
