import type { Faults } from '#edge';

const AWAY = { status: 503, detail: 'The event store is away: nothing can be said about the books. Ask again.' };

/** How a coded error that reaches the edge is answered: HTTP status, and words that say what would be right. */
export const FAULTS: Faults = {
  store_unreachable: AWAY,
  store_refused: AWAY,
  held_malformed: { status: 400, field: 'query', detail: 'Send checkpoint=<base64url of a signed note>, or size=<number of entries> and root=<64 hex digits>, and nothing else.' },
  held_empty: { status: 422, detail: 'A head over no entry pins nothing: send one of at least one entry.' },
  size_beyond_head: { status: 422, field: 'size', detail: 'The book has fewer entries than this size. If you hold a signed checkpoint of it, send that: it proves that the end was cut off.' },
  note_malformed: { status: 400, field: 'checkpoint', detail: 'The checkpoint is not a signed note of C2SP signed-note: send all of its bytes, in base64url.' },
  checkpoint_malformed: { status: 400, field: 'checkpoint', detail: 'The note is no checkpoint: origin, size and base64 of the root must stand in three lines.' },
  checkpoint_origin: { status: 422, field: 'checkpoint', detail: "The checkpoint is of another log: its first line must be the origin of this tenant's ledger or journal." },
  note_unknown_signer: { status: 422, field: 'checkpoint', detail: "The checkpoint does not carry a signature of this notary's key." },
  note_signature: { status: 422, field: 'checkpoint', detail: "The signature under this notary's name is not over this checkpoint: it was changed, or never signed here." },
  query_malformed: { status: 400, field: 'query', detail: 'Send whole numbers: seq and size for an inclusion proof, from and to for a consistency proof; size and to default to the last checkpoint.' },
  no_checkpoint: { status: 422, detail: 'Nothing was signed yet that covers this: a checkpoint comes within a minute of an entry.' },
  no_case: { status: 404, detail: 'No entry under a checkpoint is of this case.' },
  log_mismatch: { status: 500, detail: 'The store no longer holds what was signed here: ask for the verification, and keep your checkpoints.' },
  tree_range: { status: 422, field: 'query', detail: 'The book never had this size or this entry: sizes go up to the number of entries, numbers from 0 to one below the size.' },
};
