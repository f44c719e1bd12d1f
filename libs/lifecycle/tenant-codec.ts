import { Map } from 'immutable';
import type { JsonValue } from '#decider';
import { Cases, jsonIn, jsonPart, type PlainData, type SnapshotPart, type StateCodec } from '#ledger';
import { OFFBOARD_CASES } from './case-codec.js';
import type { Erasure } from './erasure.js';
import type { Departures, History } from './history.js';
import type { Tenant } from './tenant-ledger.js';

type Pairs<Value> = readonly (readonly [string, Value])[];

/** What a tenant is beside its cases and idempotency keys. */
interface Rest {
  readonly erasures: Pairs<Erasure>;
  readonly openByPerson: Pairs<string>;
  readonly approvers: Pairs<Tenant['approvers'] extends Map<string, infer Value> ? Value : never>;
  readonly lost: Pairs<string>;
  readonly receipts: Tenant['receipts'];
  readonly history: Omit<History, 'departures' | 'byRequester'> & { readonly departures: Pairs<Departures>; readonly byRequester: Pairs<number> };
}

const [REST, KEYS] = ['tenant', 'idempotency/'];
/** So many idempotency keys a part: none holds the process up for long. */
const KEYS_A_PART = 1_000;

/** The fold of a tenant's ledger as parts of a snapshot. */
export const TENANT_CODEC: StateCodec<Tenant> = {
  *encode({ cases, erasures, byIdempotency, openByPerson, approvers, lost, receipts, history }) {
    const counted = { ...history, departures: [...history.departures], byRequester: [...history.byRequester] };
    const rest: Rest = { erasures: [...erasures], openByPerson: [...openByPerson], approvers: [...approvers], lost: [...lost], receipts, history: counted };
    yield jsonPart(REST, rest satisfies PlainData<Rest> as unknown as JsonValue);
    yield* keyParts(byIdempotency);
    yield* cases.parts();
  },
  decode(parts) {
    const rest = parts.find(({ name }) => name === REST);
    const { erasures, openByPerson, approvers, lost, receipts, history } = (rest ? jsonIn(rest) : {}) as unknown as Rest;
    const keys = parts.filter(({ name }) => name.startsWith(KEYS)).flatMap((part) => jsonIn(part) as unknown as Pairs<string>);
    return {
      cases: Cases.from(parts, OFFBOARD_CASES),
      erasures: Map(erasures),
      byIdempotency: Map(keys),
      openByPerson: Map(openByPerson),
      approvers: Map(approvers),
      lost: Map(lost),
      receipts,
      history: { ...history, departures: Map(history.departures), byRequester: Map(history.byRequester) },
    };
  },
};

function* keyParts(byIdempotency: Tenant['byIdempotency']): Generator<SnapshotPart> {
  let keys: (readonly [string, string])[] = [];
  for (const [n, pair] of [...byIdempotency].entries()) {
    keys.push(pair);
    if (keys.length < KEYS_A_PART && n + 1 < byIdempotency.size) continue;
    yield jsonPart(`${KEYS}${n}`, keys);
    keys = [];
  }
}
