import type { Instant, JsonObject, JsonValue } from '#decider';
import type { Precondition } from './precondition.js';

export type Phase = 'soft' | 'hard' | 'reinstate';

/** A full, comparable picture of an account: lists sorted, sessions as a count, nothing that changes by itself. */
export type PortalState = { readonly exists: false } | { readonly exists: true; readonly [field: string]: JsonValue };

/** An account that a look-up gave. `account` is the portal's own immutable id; `label` is personal and must be sealed. */
export interface AccountRef {
  readonly portal: string;
  readonly account: string;
  /** The HRIS number that the portal holds for it, or null when it holds none. */
  readonly employee: string | null;
  readonly label: { readonly address?: string; readonly name?: string };
  readonly matchedOn: 'address' | 'alias' | 'employee' | 'name';
  /** When somebody last signed in to it; absent where the portal does not say. It changes by itself and so is no part of the state. */
  readonly lastSignIn?: Instant;
  /** As `inspect` would give it, since the look-up brought it along. */
  readonly state: PortalState;
}

/** Exactly one of them: what an account is looked up by. */
export type Subject = { readonly address: string } | { readonly employee: string } | { readonly name: string };

/** What an approver is shown and a packet lists. */
export interface Effect {
  readonly effect: string;
  /** Whether `reinstate` brings back what it takes. */
  readonly reversible: boolean;
  readonly says: string;
}

export interface PlannedStep {
  readonly effect: string;
  readonly reversible: boolean;
  readonly detail: JsonObject;
}

/** What an account is known to hold; a member that the portal cannot tell is absent. */
export interface Holdings {
  readonly privilege?: 'none' | 'elevated' | 'admin';
  readonly production_owner?: boolean;
  readonly recent_escalation?: boolean;
  /** What must happen before the account goes, sorted. */
  readonly preconditions?: readonly Precondition[];
}

/**
 * One portal. `plan` and `holds` are pure; every call fails with a PortalError, and with `portal_state` for a state that is not this connector's.
 * The law of each: soft then reinstate gives the state from before field by field, but for `unrestorable`.
 */
export interface Connector {
  readonly kind: 'scim' | 'directory';
  readonly portal: string;
  /** Fields of the state that nothing brings back. */
  readonly unrestorable: readonly string[];
  /** All that the plan of `phase` can hold. */
  effects(phase: Phase): readonly Effect[];
  find(subject: Subject): Promise<readonly AccountRef[]>;
  inspect(account: string): Promise<PortalState>;
  /**
   * What is still to be done; [] when it is already so. Asked again after a failure it gives what is left.
   * @throws CodedError `portal_gone` for a reinstate of what has been deleted.
   */
  plan(phase: Phase, before: PortalState, current: PortalState): readonly PlannedStep[];
  /** Does one step; what is already so counts as done. */
  apply(account: string, step: PlannedStep): Promise<void>;
  holds(state: PortalState, at: Instant): Holdings;
}
