/** A passkey as it was enrolled; `publicKey` is the COSE key, base64url. */
export type Passkey = {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports?: readonly string[];
};

/** A person who may be asked: the ways to reach them, the key they sign with, and what they were enrolled for. */
export type Approver = {
  readonly person: string;
  readonly slack: { readonly team: string; readonly user: string };
  readonly passkey: Passkey;
  readonly roles: readonly string[];
};

/** What one person said. */
export type Vote = { readonly person: string; readonly vote: 'approve' | 'reject' };

/** The role without which nobody is asked. */
export const APPROVER_ROLE = 'approver';

/** The approvers who may decide about `subject`: with the role, and neither a requester nor the subject. */
export function eligible(
  approvers: readonly Approver[],
  parties: { readonly requesters: readonly string[]; readonly subject: string | null },
): readonly Approver[] {
  return approvers.filter(
    ({ person, roles }) => roles.includes(APPROVER_ROLE) && person !== parties.subject && !parties.requesters.includes(person),
  );
}

/** The votes that still stand when those who may decide now are `approvers`: who lost the role no longer counts. */
export function standing(votes: readonly Vote[], approvers: readonly Approver[]): readonly Vote[] {
  const people = new Set(approvers.map(({ person }) => person));
  return votes.filter(({ person }) => people.has(person));
}

/**
 * True when `needed` distinct people approved and nobody rejected.
 * A number that is not a positive integer is never reached: an empty or broken rule approves nothing.
 */
export function quorumReached(votes: readonly Vote[], needed: number): boolean {
  if (!Number.isSafeInteger(needed) || needed < 1) return false;
  if (votes.some(({ vote }) => vote !== 'approve')) return false;
  return new Set(votes.map(({ person }) => person)).size >= needed;
}
