import { type CaseCodec, Cases, type PlainData, type StateCodec } from '#ledger';
import type { DoerJournal } from './journal-book.js';
import { type CaseExecution, openOrder, type OrderExecution } from './order-execution.js';
import type { PortalExecution } from './portal-execution.js';

/** A case as the journal tells it, and how many entries that took. */
export interface CaseInJournal {
  readonly execution: CaseExecution;
  readonly entries: number;
}

type Pairs<Value> = readonly (readonly [string, Value])[];
type Plain<Value> = Value extends ReadonlyMap<string, infer Member> ? Pairs<Plain<Member>> : Value extends ReadonlySet<infer Member> ? readonly Member[] : Value;
type PlainPortal = { readonly [Key in keyof PortalExecution]: Plain<PortalExecution[Key]> };
type PlainOrder = Omit<OrderExecution, 'portals'> & { readonly portals: Pairs<PlainPortal> };
type PlainCase = { readonly entries: number; readonly orders: readonly PlainOrder[]; readonly before: Plain<CaseExecution['before']>; readonly rejections: readonly string[] };

/** How a case of the journal is written down; it rests while it has no order to work on. */
export const EXECUTION_CASES: CaseCodec<CaseInJournal> = {
  atRest: ({ execution }) => openOrder(execution) === undefined,
  encode: (found) => plain(found) satisfies PlainData<PlainCase>,
  decode: (value) => restored(value as unknown as PlainCase),
};

/** The fold of a doer's journal as parts of a snapshot. */
export const JOURNAL_CODEC: StateCodec<DoerJournal> = {
  encode: ({ cases }) => cases.parts(),
  decode: (parts) => ({ cases: Cases.from(parts, EXECUTION_CASES) }),
};

function plain({ execution: { orders, before, rejections }, entries }: CaseInJournal): PlainCase {
  return {
    entries,
    orders: orders.map((order) => ({ ...order, portals: [...order.portals].map(([id, portal]) => [id, { ...portal, outcomes: [...portal.outcomes], failures: [...portal.failures] }] as const) })),
    before: [...before].map(([portal, accounts]) => [portal, [...accounts]] as const),
    rejections: [...rejections],
  };
}

function restored({ orders, before, rejections, entries }: PlainCase): CaseInJournal {
  return {
    entries,
    execution: {
      orders: orders.map((order) => ({ ...order, portals: new Map(order.portals.map(([id, portal]) => [id, { ...portal, outcomes: new Map(portal.outcomes), failures: new Map(portal.failures) }])) })),
      before: new Map(before.map(([portal, accounts]) => [portal, new Map(accounts)])),
      rejections: new Set(rejections),
    },
  };
}
