import { Worker } from 'node:worker_threads';
import type { JsonObject } from '#decider';
import type { RefusalCode } from './refusal.js';

/** What a worker starts with. `memoryPages` bounds the policy's memory, in pages of 64 KiB. */
export interface Load {
  readonly wasm: Uint8Array;
  readonly data: JsonObject;
  readonly memoryPages: number;
}

/** One evaluation, as it goes to the worker; `input` is JSON text in UTF-8. */
export interface Question {
  readonly id: number;
  readonly entrypoint: string;
  readonly input: ArrayBuffer;
}

type Said = 'ready' | { readonly id: number; readonly results: unknown } | { readonly id: number; readonly failed: true };
type Evaluation = { readonly results: unknown } | { readonly refused: RefusalCode };
interface Waiting {
  readonly question: Question;
  settle(evaluation: Evaluation): void;
}

const MEMORY_PAGES = 256;
const HEAP_MEGABYTES = 64;
/** What an evaluation throws away is little, and a thread that may keep more of it does. */
const YOUNG_MEGABYTES = 6;
const START_MS = 10_000;

// run from source (tests), the compiled worker stands in dist: a thread takes no TypeScript
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/libs/policy/worker.js', import.meta.url)
  : new URL('./worker.js', import.meta.url);

/**
 * Evaluates a policy in a thread of its own. Questions are posted as they come, answered in order, and each has the
 * deadline to itself: it starts when the one before it is answered. A question that overruns it, or fails, is refused and
 * takes its thread with it; those behind it go to a new one.
 */
export class Evaluator {
  readonly #load: Load;
  readonly #deadlineMs: number;
  // in the order of asking, so that the first is the one the worker is at
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;
  #asked = 0;
  /** The question that a thread was at when it died, if it died of one. */
  #suspect: number | undefined;
  #closed = false;

  constructor(wasm: Uint8Array, data: JsonObject, deadlineMs: number) {
    this.#load = { wasm, data, memoryPages: MEMORY_PAGES };
    this.#deadlineMs = deadlineMs;
    this.#start();
  }

  evaluate(entrypoint: string, input: ArrayBuffer): Promise<Evaluation> {
    if (this.#closed) return Promise.resolve({ refused: 'policy.closed' });
    const question = { id: this.#asked++, entrypoint, input };
    const evaluated = new Promise<Evaluation>((settle) => this.#waiting.set(question.id, { question, settle }));
    if (this.#worker === undefined) this.#start();
    else if (this.#ready) {
      this.#worker.postMessage(question);
      if (this.#waiting.size === 1) this.#watch(this.#deadlineMs);
    }
    return evaluated;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#drop();
    this.#refuse([...this.#waiting.values()], 'policy.closed');
    await worker?.terminate();
  }

  #start(): void {
    const worker = new Worker(WORKER, {
      workerData: this.#load,
      env: {}, // a policy has no business with the process's secrets
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    this.#worker = worker;
    this.#watch(START_MS);
    const gone = () => {
      if (this.#worker === worker) this.#died();
    };
    worker.on('message', (said: Said) => {
      if (this.#worker === worker) this.#hear(worker, said);
    });
    worker.on('error', gone);
    worker.on('exit', gone);
  }

  #hear(worker: Worker, said: Said): void {
    if (said === 'ready') {
      this.#ready = true;
      for (const { question } of this.#waiting.values()) worker.postMessage(question);
    } else {
      const answered = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      if ('failed' in said) {
        answered?.settle({ refused: 'policy.error' });
        this.#again();
        return;
      }
      answered?.settle({ results: said.results });
    }
    if (this.#waiting.size > 0) this.#watch(this.#deadlineMs);
    else this.#rest();
  }

  #watch(ms: number): void {
    clearTimeout(this.#timer);
    const timer = setTimeout(() => setImmediate(late), ms);
    // an answer that came in time may still lie unread when this process was the slow one: `late` runs after reading
    const late = () => {
      if (this.#timer === timer) this.#replace('policy.deadline');
    };
    this.#timer = timer;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #replace(code: RefusalCode): void {
    const started = this.#ready;
    void this.#drop()?.terminate();
    const waiting = [...this.#waiting.values()];
    if (!started) this.#refuse(waiting, 'policy.bundle');
    else {
      this.#refuse(waiting.slice(0, 1), code);
      this.#again(waiting.length > 1);
    }
  }

  /** A thread that dies takes answers along that it had given, so who seems to have killed it is asked once more. */
  #died(): void {
    const [first] = this.#waiting.keys();
    if (!this.#ready || first === undefined || first === this.#suspect) {
      this.#replace('policy.error');
      return;
    }
    this.#suspect = first;
    this.#again();
  }

  /** Leaves this thread behind and asks what is open in a new one. */
  #again(open = this.#waiting.size > 0): void {
    void this.#drop()?.terminate();
    if (open) this.#start();
  }

  #drop(): Worker | undefined {
    this.#rest();
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    return worker;
  }

  #refuse(waiting: readonly Waiting[], refused: RefusalCode): void {
    for (const refusedOne of waiting) {
      this.#waiting.delete(refusedOne.question.id);
      refusedOne.settle({ refused });
    }
  }
}
