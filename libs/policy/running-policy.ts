import { CodedError, codeOf } from '#decider';
import type { Bundle } from './bundle.js';
import type { BundleSource } from './bundle-source.js';
import { Evaluator } from './evaluator.js';
import { isRefusalCode, type RefusalCode } from './refusal.js';

/** What is told of bundles: which one decides from now on, and why another does not. */
export type BundleNews =
  | { readonly event: 'policy_loaded'; readonly digest: string; readonly revision: string | null; readonly before: string | null }
  | { readonly event: 'policy_refused'; readonly code: RefusalCode; readonly why: string; readonly running: string | null };

interface RunningPolicyOptions {
  readonly source: BundleSource;
  /** What a bundle must answer for. */
  readonly entrypoints: readonly string[];
  /** No bundle released before it is taken. */
  readonly notBefore?: string;
  /** So often the source is asked, and so long a new bundle has for each entrypoint when it is tried, in milliseconds. */
  readonly everyMs: number;
  readonly deadlineMs: number;
  readonly hear: (news: BundleNews) => void;
}

const NOTHING = new TextEncoder().encode('{}');

/**
 * The bundle that decides in this process. Its source is asked again and again; a new bundle takes over once it was tried, and
 * one that is unsigned, damaged or older leaves the one before in its place.
 */
export class RunningPolicy {
  #bundle: Bundle | undefined;
  #tag: string | undefined;
  #fault: RefusalCode = 'policy.bundle';
  #told: string | undefined;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: RunningPolicyOptions) {
    this.#wait();
  }

  /** What decides now; undefined until there was a first good bundle. */
  get bundle(): Bundle | undefined {
    return this.#bundle;
  }

  /** Why nothing can be decided, if so. */
  get fault(): RefusalCode | undefined {
    return this.#bundle ? undefined : this.#fault;
  }

  /** Asks the source now; those who come while it is being asked wait for the same answer. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #wait(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.look().then(() => this.#wait()), this.options.everyMs);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { source, hear } = this.options;
    const running = this.#bundle;
    try {
      const release = await source.latest(this.#tag);
      if (release) await this.#take(release.bundle, running);
      // set only now, so that what was refused is asked for again: a busy machine may have failed the trial
      this.#tag = release?.tag ?? this.#tag;
      this.#told = undefined;
    } catch (error) {
      const code = codeOf(error);
      this.#fault = isRefusalCode(code) ? code : 'policy.bundle';
      const why = error instanceof CodedError ? error.message : 'policy bundle: it cannot be read';
      if (this.#told !== why) hear({ event: 'policy_refused', code: this.#fault, why, running: running?.digest ?? null });
      this.#told = why;
    }
  }

  async #take(bundle: Bundle, running: Bundle | undefined): Promise<void> {
    if (bundle.digest === running?.digest && bundle.revision === running.revision) return;
    this.#assertNewer(bundle, running);
    await this.#tryOut(bundle);
    this.#bundle = bundle;
    this.options.hear({ event: 'policy_loaded', digest: bundle.digest, revision: bundle.revision, before: running?.digest ?? null });
  }

  #assertNewer({ revision }: Bundle, running: Bundle | undefined): void {
    const { notBefore } = this.options;
    const time = revision ?? 'no time';
    if (notBefore !== undefined && (revision === null || revision < notBefore))
      throw new CodedError('policy.outdated', `policy bundle: it is of ${time}, and none from before ${notBefore} is taken`);
    const before = running?.revision ?? null;
    if (before !== null && (revision === null || revision <= before))
      throw new CodedError('policy.outdated', `policy bundle: it is of ${time}, and the running one of ${before}`);
  }

  /** Puts an empty question to each entrypoint: a policy that cannot even be asked is no policy. */
  async #tryOut({ wasm, manifest }: Bundle): Promise<void> {
    const evaluator = new Evaluator(wasm, {}, this.options.deadlineMs);
    try {
      for (const entrypoint of this.options.entrypoints) {
        if (!manifest.entrypoints.includes(entrypoint)) throw new CodedError('policy.entrypoint', `policy bundle: it does not answer for ${entrypoint}`);
        const evaluation = await evaluator.evaluate(entrypoint, NOTHING.slice().buffer);
        if ('refused' in evaluation) throw new CodedError(evaluation.refused, `policy bundle: asked ${entrypoint}, it fails`);
      }
    } finally {
      await evaluator.close();
    }
  }
}
