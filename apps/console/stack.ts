import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CodedError } from '#decider';

/** A process of the stack: its entry point below `dist`, and all of its environment. */
export interface Part {
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
}

/** Every part lives in less than 200 MB: left alone, V8 takes what the machine has and returns it late. */
const FRUGAL = ['--max-semi-space-size=8', '--heap-growing-percent=40'];

const READY_MS = 60_000;
const END_MS = 15_000;

/** Starts and ends the processes of one Gatehouse, each with its own environment and log file. */
export class Stack {
  readonly #running = new Map<string, Running>();
  #ending = false;
  #onLoss: (name: string, code: number | null) => void = () => undefined;

  constructor(
    private readonly dist: string,
    private readonly logs: string,
    private readonly nodeOptions: readonly string[] = [],
  ) {}

  /** Hears when a part ends that was not told to. */
  onLoss(listener: (name: string, code: number | null) => void): void {
    this.#onLoss = listener;
  }

  /** Starts a part and waits until it says that it listens. @throws CodedError `part_failed` with the part's own last words. */
  async start(part: Part): Promise<void> {
    if (this.#ending) throw new CodedError('part_failed', `${part.name}: the stack is ending`);
    const child = spawn(process.execPath, [...FRUGAL, ...this.nodeOptions, join(this.dist, part.entry)], {
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', MALLOC_ARENA_MAX: '2', ...part.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(this.logs, `${part.name}.log`), { flags: 'a', mode: 0o600 });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString()}`.slice(-2_000)));
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    this.#running.set(part.name, { child, ended });
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string): void => reject(new CodedError('part_failed', `${part.name}: ${words.trim() || why}`));
      const timer = setTimeout(() => failed('not ready in a minute'), READY_MS);
      createInterface({ input: child.stdout }).on('line', (line) => line.includes('"listening"') && resolve());
      child.once('exit', () => failed('ended at start'));
      void ended.finally(() => clearTimeout(timer));
      child.once('spawn', () => timer.unref());
    });
    void ended.then((code) => {
      if (this.#running.get(part.name)?.child !== child) return;
      this.#running.delete(part.name);
      this.#onLoss(part.name, code);
    });
  }

  /** Ends a part: SIGTERM and its own orderly end, or SIGKILL. */
  async end(name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const part = this.#running.get(name);
    if (!part) return null;
    this.#running.delete(name);
    part.child.kill(signal);
    const late = setTimeout(() => part.child.kill('SIGKILL'), END_MS);
    const code = await part.ended;
    clearTimeout(late);
    return code;
  }

  /** Ends everything, the last started first; nothing is started any more. */
  async endAll(): Promise<void> {
    this.#ending = true;
    for (const name of [...this.#running.keys()].reverse()) await this.end(name);
  }

  pid(name: string): number | undefined {
    return this.#running.get(name)?.child.pid;
  }
}

/** From now on a signal to this process ends the stack before it ends the process, with `code`; the answered function undoes that. */
export function endTogether(stack: Stack, code = 1): () => void {
  const end = (): void => void stack.endAll().then(() => process.exit(code));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, end);
  return () => signals.forEach((signal) => process.removeListener(signal, end));
}
