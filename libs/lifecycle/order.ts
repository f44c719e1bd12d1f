import { type Instant, isJsonObject, type JsonObject, type Next, plusSeconds } from '#decider';
import { encodePacket, fromBase64url, type Packet, packetDigest, type PacketStep, type Phase, toBase64url } from '#packet';

// Events

/** An order stands: from here on the doer may get it. Its bytes are what will be signed. */
export type Ordered = { readonly order: number; readonly packet: string; readonly digest: string; readonly acceptBy: Instant };
export type PacketSigned = { readonly order: number; readonly hmac: string; readonly signature: string };
export type PacketDispatched = { readonly order: number; readonly attempt: number };
/** One journal entry of the doer, taken up. */
export type ReceiptTaken = { readonly seq: number; readonly hash: string; readonly entry: JsonObject };

export type OrderEvent =
  | { readonly type: 'soft.ordered' | 'hard.ordered' | 'reinstate.ordered'; readonly data: Ordered }
  | { readonly type: 'packet.signed'; readonly data: PacketSigned }
  | { readonly type: 'packet.dispatched'; readonly data: PacketDispatched }
  | { readonly type: 'receipt.taken'; readonly data: ReceiptTaken };

// State

export type OrderOutcome = { readonly portal: string; readonly account: string; readonly outcome: string };

/** One order on its way: stands, signed, sent, accepted, finished. */
export interface OrderState extends Ordered {
  readonly phase: Phase;
  readonly signed: PacketSigned | null;
  readonly attempts: number;
  readonly sentAt: Instant | null;
  readonly accepted: boolean;
  /** Portals whose grant was used or lost; `resend` until a delivery with new ones has left. */
  readonly wanting: readonly string[];
  readonly resend: boolean;
  /** The doer's own closed reason when it refused these very bytes. */
  readonly refused: string | null;
  readonly finished: { readonly at: Instant; readonly outcomes: readonly OrderOutcome[] } | null;
}

/** The stage after one of its events. */
export function evolveOrder(state: OrderState | undefined, event: OrderEvent, at: Instant): OrderState | undefined {
  switch (event.type) {
    case 'soft.ordered':
    case 'hard.ordered':
    case 'reinstate.ordered':
      return { ...event.data, phase: phaseOf(event.type), signed: null, attempts: 0, sentAt: null, accepted: false, wanting: [], resend: false, refused: null, finished: null };
    case 'packet.signed':
      return state?.order === event.data.order ? { ...state, signed: event.data } : state;
    case 'packet.dispatched':
      return state?.order === event.data.order ? { ...state, attempts: event.data.attempt, sentAt: at, resend: false } : state;
    case 'receipt.taken':
      return state && evolveByReceipt(state, event.data.entry, at);
  }
}

function evolveByReceipt(state: OrderState, entry: JsonObject, at: Instant): OrderState {
  const { type, data } = entry;
  if (!isJsonObject(data)) return state;
  // a forger's packet names other bytes: what the doer says of those changes nothing here
  if (type === 'doer.order_rejected') return data.digest === state.digest && !state.accepted ? evolveByRefusal(state, textOf(data.reason)) : state;
  if (data.order !== state.order) return state;
  if (type === 'packet.accepted') return data.digest === state.digest ? { ...state, accepted: true, refused: null } : state;
  if (!state.accepted) return state;
  switch (type) {
    case 'grants.needed':
      return { ...state, wanting: [...new Set([...state.wanting, ...textsOf(data.portals)])], resend: true };
    case 'lease.requested':
    case 'portal.given_up':
      return { ...state, wanting: state.wanting.filter((portal) => portal !== data.portal) };
    case 'order.finished':
      // by our clock: the window opens when we know, and a doer's clock that runs behind cannot shorten it
      return { ...state, wanting: [], resend: false, finished: { at, outcomes: outcomesOf(data.outcomes) } };
    default:
      return state;
  }
}

function evolveByRefusal(state: OrderState, reason: string): OrderState {
  // clocks differ a little, and who replays our bytes without their grants shall not hold the case up: it is sent again
  if (reason === 'too_early' || reason === 'window') return state;
  if (reason === 'grant_missing') return { ...state, resend: true };
  return { ...state, refused: reason === '' ? 'unknown' : reason };
}

/** The order after a person has looked: one that the doer never took is sent at once. */
export function resendable(state: OrderState): OrderState {
  return state.accepted ? state : { ...state, sentAt: null };
}

/** True once a delivery after the last moment of acceptance had no answer either: then time alone mends nothing. */
export function staysUnanswered({ accepted, sentAt, acceptBy }: OrderState): boolean {
  return !accepted && sentAt !== null && sentAt > acceptBy;
}

function outcomesOf(value: unknown): readonly OrderOutcome[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).map(({ portal, account, outcome }) => ({ portal: textOf(portal), account: textOf(account), outcome: textOf(outcome) }));
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** True where every account of the order came to the state that it asked for; an account that nobody speaks of did not. */
export function carriedOut(order: OrderState): boolean {
  const outcomes = order.finished?.outcomes ?? [];
  const arrived = (step: PacketStep): boolean => outcomes.some(({ portal, account, outcome }) => portal === step.portal && account === step.account && (outcome === 'done' || outcome === 'already'));
  return order.finished !== null && stepsIn(order).every(arrived);
}

/** The steps that an order tells the doer to take. */
export function stepsIn({ packet }: Ordered): readonly PacketStep[] {
  return (JSON.parse(Buffer.from(fromBase64url(packet) ?? []).toString('utf8')) as Packet).steps;
}

// Commands and decide

/** How this tenant's packets are made. */
export interface PacketTerms {
  readonly tenant: string;
  readonly keys: Packet['keys'];
  /** How long the doer may take to accept an order. */
  readonly acceptSeconds: number;
}

/** The event by which an order stands. */
export function placeOrder(
  what: { readonly case: string; readonly phase: Phase; readonly steps: readonly PacketStep[]; readonly decision: string; readonly approvals: string | null },
  earlier: readonly OrderState[],
  terms: PacketTerms,
  now: Instant,
): OrderEvent {
  const order = (earlier.at(-1)?.order ?? 0) + 1;
  const previous = earlier.findLast(({ accepted }) => accepted)?.digest ?? null;
  const acceptBy = plusSeconds(now, terms.acceptSeconds);
  const bytes = encodePacket({ v: 1, tenant: terms.tenant, order, ...what, previous, notBefore: now, acceptBy, keys: terms.keys });
  return { type: `${what.phase}.ordered`, data: { order, packet: toBase64url(bytes), digest: packetDigest(bytes), acceptBy } };
}

export type RecordSigned = { readonly do: 'signed' } & PacketSigned;
export type RecordDispatched = { readonly do: 'dispatched' } & PacketDispatched;

/** Records one step of an order's way; a repeated one decides nothing. */
export function decideOrder(command: RecordSigned | RecordDispatched, state: OrderState | undefined): readonly OrderEvent[] {
  if (state?.order !== command.order) return [];
  if (command.do === 'signed') {
    const { order, hmac, signature } = command;
    return state.signed ? [] : [{ type: 'packet.signed', data: { order, hmac, signature } }];
  }
  return command.attempt <= state.attempts ? [] : [{ type: 'packet.dispatched', data: { order: command.order, attempt: command.attempt } }];
}

// next

/** Sign it if it is not yet, and hand it to the doer with fresh grants. */
export type DispatchTask = { readonly do: 'dispatch'; readonly order: number; readonly attempt: number };

const ANSWER_SECONDS = 10;
const DOUBLINGS = 5;
/** So many deliveries follow a doer's question for grants at once; what it asks for yet again waits like silence. */
const PROMPT_DELIVERIES = 4;

/** Sends an order until the doer has it, and again when it asks for grants or says nothing for a while, each time a longer one. */
export function nextOrderTask(state: OrderState, now: Instant): Next<DispatchTask> {
  if (state.finished || state.refused !== null) return undefined;
  const send = { task: { do: 'dispatch', order: state.order, attempt: state.attempts + 1 } } as const;
  if (state.sentAt === null || (state.resend && state.attempts <= PROMPT_DELIVERIES)) return send;
  if (state.accepted && state.wanting.length === 0 && !state.resend) return undefined;
  const due = plusSeconds(state.sentAt, ANSWER_SECONDS * 2 ** Math.min(state.attempts - 1, DOUBLINGS));
  return now >= due ? send : { due };
}

function phaseOf(type: 'soft.ordered' | 'hard.ordered' | 'reinstate.ordered'): Phase {
  return type === 'soft.ordered' ? 'soft' : type === 'hard.ordered' ? 'hard' : 'reinstate';
}
