/** What somebody has to see to before an account goes, by its code, as an approver reads it. */
export const PRECONDITIONS = {
  transfer_ownership: 'It owns systems: they need another owner.',
  hand_over_on_call: 'It is on call now: somebody else has to take the shift.',
  transfer_files: 'It owns files: they need another owner.',
  hand_over_mailboxes: 'It owns shared mailboxes: they need another owner.',
} as const;

export type Precondition = keyof typeof PRECONDITIONS;
