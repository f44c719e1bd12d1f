import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseWitnessKey } from '#ledger';
import type { WitnessAt } from '../../apps/notary/witness.js';

const run = promisify(execFile);
/** The root of an empty tree, as litewitness keeps it. */
const EMPTY = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** A log that it shall know: origin, and the line that verifies its checkpoints. */
export interface KnownLog {
  readonly origin: string;
  readonly key: string;
}

/** litewitness of FiloSottile/torchwood as a process on loopback, its key in an ssh-agent of its own. */
export class Litewitness {
  #agent: ChildProcess | undefined;
  #process: ChildProcess | undefined;
  #port = 0;
  #key: WitnessAt['key'] | undefined;

  constructor(
    private readonly binary: string,
    private readonly folder: string,
  ) {}

  get at(): WitnessAt {
    if (!this.#key) throw new Error('it was not started yet');
    return { url: `http://127.0.0.1:${this.#port}`, key: this.#key };
  }

  /** Starts it with a new key and these logs. */
  async start(logs: readonly KnownLog[]): Promise<void> {
    const socket = join(this.folder, 'agent.sock');
    this.#agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    await line(this.#agent, 'stdout', /SSH_AUTH_SOCK/);
    const identity = join(this.folder, 'identity');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'witness', '-f', identity]);
    await run('ssh-add', ['-q', identity], { env: { PATH: process.env.PATH ?? '', SSH_AUTH_SOCK: socket } });
    this.#port = await freePort();
    await this.resume();
    this.#sql(logs.flatMap(({ origin, key }) => [`insert into log values ('${origin}', 0, '${EMPTY}')`, `insert into key values ('${origin}', '${key}')`]).join(';'));
  }

  /** Starts it where it ended. */
  async resume(): Promise<void> {
    const { stdout } = await run('ssh-keygen', ['-l', '-f', join(this.folder, 'identity.pub')]);
    const [, fingerprint = ''] = /(SHA256:\S+)/.exec(stdout) ?? [];
    this.#process = spawn(this.binary, ['-name', 'witness.example/lite', '-db', join(this.folder, 'lw.db'), '-key', fingerprint, '-ssh-agent', join(this.folder, 'agent.sock'), '-listen', `127.0.0.1:${this.#port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    const heard = line(this.#process, 'stderr', /vkey=(\S+)/);
    const listening = line(this.#process, 'stderr', /msg=listening/);
    this.#key = parseWitnessKey(heardIn(await heard));
    await listening;
    await answering(this.#port);
  }

  /** What it has cosigned last of a log. */
  sizeOf(origin: string): number {
    return Number(this.#sql(`select tree_size from log where origin = '${origin}'`));
  }

  /** Ends the witness, and leaves its folder and its agent as they are. */
  async pause(): Promise<void> {
    await ended(this.#process);
  }

  async stop(): Promise<void> {
    await ended(this.#process);
    await ended(this.#agent);
  }

  #sql(statements: string): string {
    return execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(this.folder, 'lw.db'), statements], { encoding: 'utf8' }).trim();
  }
}

/** The first line that matches. */
function line(child: ChildProcess, from: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const stream = child[from];
    if (!stream) throw new Error('its output is not read');
    createInterface({ input: stream }).on('line', (text) => {
      const found = pattern.exec(text);
      if (found) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ended with ${code ?? 'a signal'}`)));
  });
}

function heardIn([, found = '']: RegExpExecArray): string {
  return JSON.parse(found.startsWith('"') ? found : `"${found}"`) as string;
}

/** Resolves when the port answers: it says that it listens before it does. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    await answer?.text();
    if (answer) return;
  }
}

function ended(child: ChildProcess | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    return undefined;
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
