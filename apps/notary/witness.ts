import { CodedError } from '#decider';
import type { MerkleTree, WitnessKey } from '#ledger';
import { exchange } from '#vault';
import type { Recipient } from './hand-over.js';
import type { SignedHead } from './signed-heads.js';

/** A C2SP witness as it is configured: its submission prefix, the key of its cosignatures, and the authority of its certificate (PEM). */
export interface WitnessAt {
  readonly url: string;
  readonly key: WitnessKey;
  readonly ca?: string;
}

/** What a witness is shown, and who hears of its cosignature. */
export interface Witnessed {
  readonly tree: () => MerkleTree;
  /** The size that it has cosigned last, as far as is known here, asked before the first checkpoint is sent; it says itself where that is wrong. */
  readonly known: () => number;
  /** Takes the lines that it answered. @throws CodedError `cosignature_missing`, `cosignature_wrong`. */
  readonly cosigned: (head: SignedHead, lines: string) => void;
}

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 4_096;
/** The first answer may name another size, and another notary may be at work beside this one. */
const MOST_SIZES = 3;

/** One witness of one book: each checkpoint is sent with the proof that it extends the last one that the witness knows (C2SP tlog-witness, add-checkpoint). */
export class Witness implements Recipient {
  #known: number | undefined;

  constructor(
    private readonly at: WitnessAt,
    private readonly witnessed: Witnessed,
  ) {}

  get name(): string {
    return this.at.key.witness;
  }

  /** @throws CodedError `witness_refused` (403, 404, 422 …), `witness_ahead`, `witness_busy`, of `exchange`, and of `cosigned`. */
  async take(head: SignedHead, signal: AbortSignal): Promise<void> {
    for (let sizes = 0; sizes < MOST_SIZES; sizes += 1) {
      const known = (this.#known ??= this.witnessed.known());
      // it has cosigned a later one, which covers this
      if (known > head.size) return;
      const { status, headers, text } = await this.#ask(head, known);
      if (signal.aborted) return;
      if (status === 200) {
        this.witnessed.cosigned(head, text.length > LONGEST_ANSWER ? '' : text);
        this.#known = head.size;
        return;
      }
      if (status !== 409) throw refusal(this.name, status);
      this.#known = this.#sizeIn(text, headers['content-type']);
    }
    throw new CodedError('witness_busy', `${this.name}: its size moves on while it is asked`);
  }

  #ask({ note, size }: SignedHead, known: number) {
    const proof = this.witnessed.tree().consistency(known, size).map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
    return exchange({
      method: 'POST',
      url: `${this.at.url.replace(/\/$/, '')}/add-checkpoint`,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `old ${known}\n${proof.join('')}\n${note}`,
      ...(this.at.ca !== undefined && { ca: this.at.ca }),
      timeoutMs: TIMEOUT_MS,
    });
  }

  #sizeIn(text: string, type: string | undefined): number {
    const size = /^(0|[1-9]\d{0,14})\n$/.exec(text)?.[1];
    if (type !== 'text/x.tlog.size' || size === undefined) throw refusal(this.name, 409);
    const tree = this.witnessed.tree();
    // its word is not signed, so it stops nobody, but it is never passed over
    if (Number(size) > tree.size) throw new CodedError('witness_ahead', `${this.name} says that it has cosigned ${size} entries, and there are ${tree.size}`);
    return Number(size);
  }
}

function refusal(name: string, status: number): CodedError {
  const passing = status === 429 || status >= 500;
  return new CodedError(passing ? 'witness_away' : 'witness_refused', `${name} answered ${status}`);
}
