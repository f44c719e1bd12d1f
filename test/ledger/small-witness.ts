import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '#decider';
import { cosignedText, EMPTY_ROOT, noteSigner, type NoteVerifier, openCheckpoint, type TreeHead, verifyConsistency, witnessKey, parseWitnessKey } from '#ledger';
import type { WitnessAt } from '../../apps/notary/witness.js';

/** A C2SP tlog-witness in a hundred lines, on loopback; tests turn it wrong. */
export class SmallWitness {
  /** What was asked of it, oldest first. */
  readonly asked: { readonly old: number; readonly size: number; readonly status: number }[] = [];
  /** Status with which it answers all that comes, in the place of its own. */
  broken: number | undefined;
  /** Its clock, in seconds. */
  seconds = 1_790_000_000;
  /** It signs another text than the one that it was shown. */
  lying = false;
  /** What it names as its size in a 409, in the place of the truth. */
  claims: string | undefined;
  readonly #heads = new Map<string, TreeHead>();
  readonly #signer = noteSigner('witness.example/w', new Uint8Array(32).fill(5));
  readonly #server: Server;
  readonly #heard = new Set<() => void>();

  private constructor(private readonly logs: readonly NoteVerifier[]) {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => void parts.push(part));
      request.on('end', () => {
        const { status, text, type } = request.method === 'POST' && request.url === '/prefix/add-checkpoint' ? this.#answer(Buffer.concat(parts).toString('utf8')) : { status: 404, text: '', type: 'text/plain' };
        response.writeHead(status, { 'content-type': type }).end(text);
        for (const wake of this.#heard) wake();
      });
    });
  }

  /** One that knows these logs. */
  static async start(...logs: readonly NoteVerifier[]): Promise<SmallWitness> {
    const witness = new SmallWitness(logs);
    await new Promise<void>((resolve) => void witness.#server.listen(0, '127.0.0.1', resolve));
    return witness;
  }

  get at(): WitnessAt {
    const { port } = this.#server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/prefix/`, key: parseWitnessKey(witnessKey({ witness: this.#signer.name, publicKey: this.#signer.publicKey })) };
  }

  /** Resolves when it has been asked so often. */
  askedTimes(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.asked.length < count) return;
        this.#heard.delete(look);
        resolve();
      };
      this.#heard.add(look);
      look();
    });
  }

  /** As if it had been shown this head of a log before. */
  remember(origin: string, head: TreeHead): void {
    this.#heads.set(origin, head);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(body: string): { readonly status: number; readonly text: string; readonly type: string } {
    const [, old = '', proof = '', note = ''] = /^old (\d+)\n((?:[A-Za-z0-9+/]{43}=\n)*)\n([^]+)$/.exec(body) ?? [];
    const said = (status: number, text = '', type = 'text/plain', size = -1) => {
      this.asked.push({ old: Number(old), size, status });
      return { status, text, type };
    };
    if (this.broken !== undefined) return said(this.broken);
    if (note === '') return said(400);
    const log = this.logs.find(({ name }) => note.startsWith(`${name}\n`));
    if (!log) return said(404);
    try {
      const head = openCheckpoint(note, log);
      const known = this.#heads.get(log.name) ?? { size: 0, root: EMPTY_ROOT };
      if (known.size !== Number(old)) return said(409, this.claims ?? `${known.size}\n`, 'text/x.tlog.size', head.size);
      const hashes = proof.split('\n').slice(0, -1).map((line) => Buffer.from(line, 'base64'));
      if (!verifyConsistency(known, head, hashes)) return said(422, '', 'text/plain', head.size);
      this.#heads.set(log.name, head);
      return said(200, this.#cosignature(note.slice(0, note.lastIndexOf('\n\n') + 1)), 'text/plain', head.size);
    } catch (error) {
      return said(codeOf(error) === undefined ? 500 : 403);
    }
  }

  #cosignature(text: string): string {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(this.seconds));
    const signature = this.#signer.sign(cosignedText(this.lying ? `${text}more\n` : text, this.seconds));
    const keyId = Buffer.from(witnessKey({ witness: this.#signer.name, publicKey: this.#signer.publicKey }).split('+')[1] ?? '', 'hex');
    return `\u2014 ${this.#signer.name} ${Buffer.concat([keyId, time, signature]).toString('base64')}\n`;
  }
}
