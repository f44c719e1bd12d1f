import { createHmac, timingSafeEqual } from 'node:crypto';
import { CodedError, type Instant, isJsonObject, type JsonValue } from '#decider';

/** What a button in a message asks for; the value of the button names it and is no secret. */
export type ButtonTarget = { readonly tenant: string; readonly case: string; readonly request: number };

/** The closed list of what may come from Slack, by whom; `replayKey` is the same for every copy of one request. */
export type SlackAction = ButtonTarget & {
  readonly action: 'reject';
  readonly team: string;
  readonly user: string;
  readonly replayKey: string;
};

/** Why a request is not taken as Slack's. */
export type SlackFault = 'slack_secret' | 'slack_signature' | 'slack_timestamp' | 'slack_payload' | 'slack_external_user';

/** The `action_id` of the Reject button. */
export const REJECT_ACTION = 'gatehouse.reject';

const SKEW_SECONDS = 300;
const TARGET = /^([a-z][a-z0-9-]{1,30})\/(c-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([1-9]\d{0,8})$/;

/** The value of a button. */
export function buttonValue(target: ButtonTarget): string {
  return `${target.tenant}/${target.case}/${target.request}`;
}

/**
 * Verifies the signature and freshness of a request from Slack ("Verifying requests from Slack", v0), stricter than Bolt,
 * and gives the key under which the caller must refuse a copy.
 * @throws CodedError `slack_secret` | `slack_signature` | `slack_timestamp`.
 */
export function verifySlackSignature(request: {
  readonly secret: string;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: string;
  readonly now: Instant;
}): { readonly replayKey: string } {
  const { secret, timestamp = '', signature = '', body } = request;
  if (secret.length < 16) throw fault('slack_secret', 'the signing secret is missing or too short');
  if (!/^\d{10}$/.test(timestamp)) throw fault('slack_timestamp', 'the timestamp must be ten digits');
  const [, hash] = /^v0=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hash === undefined) throw fault('slack_signature', 'the signature must be v0= and 64 lower-case hex digits');
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(hash, 'hex'))) throw fault('slack_signature', 'the signature does not fit');
  const skew = Math.abs(Date.parse(request.now) / 1000 - Number(timestamp));
  if (!(skew <= SKEW_SECONDS)) throw fault('slack_timestamp', 'the timestamp is more than 300 seconds away');
  return { replayKey: `${timestamp}:${hash}` };
}

/**
 * A verified button press. Whether `user` of `team` is an enrolled person, and whether `replayKey` was seen before,
 * is the caller's to know.
 * @throws CodedError with a `SlackFault` as its code.
 */
export function verifySlackRequest(request: Parameters<typeof verifySlackSignature>[0]): SlackAction {
  const { replayKey } = verifySlackSignature(request);
  const payload = payloadOf(request.body);
  if (payload.type !== 'block_actions') throw fault('slack_payload', 'only button presses are taken');
  const { team, user, actions } = payload;
  if (!isJsonObject(team) || !isJsonObject(user)) throw fault('slack_payload', 'the payload names no workspace or no user');
  const teamId = idOf(team.id, /^T[A-Z0-9]{2,30}$/, 'team.id');
  const userId = idOf(user.id, /^[UW][A-Z0-9]{2,30}$/, 'user.id');
  // in a shared channel a stranger's workspace differs from the one that the message lives in
  if (user.team_id !== teamId) throw fault('slack_external_user', 'the user belongs to another workspace');
  const [action, ...more] = Array.isArray(actions) ? (actions as readonly JsonValue[]) : [];
  if (!isJsonObject(action) || more.length > 0) throw fault('slack_payload', 'the payload must hold exactly one action');
  if (action.action_id !== REJECT_ACTION) throw fault('slack_payload', 'the action is not known');
  return { action: 'reject', team: teamId, user: userId, ...targetOf(action.value), replayKey };
}

function payloadOf(body: string) {
  const fields = [...new URLSearchParams(body)];
  const [field] = fields;
  if (fields.length !== 1 || field?.[0] !== 'payload') throw fault('slack_payload', 'the body must be one payload field');
  let payload: unknown;
  try {
    payload = JSON.parse(field[1]);
  } catch (cause) {
    throw fault('slack_payload', 'the payload is not JSON', cause);
  }
  if (!isJsonObject(payload)) throw fault('slack_payload', 'the payload must be an object');
  return payload;
}

function targetOf(value: unknown): ButtonTarget {
  const [, tenant, caseId, request] = TARGET.exec(typeof value === 'string' ? value : '') ?? [];
  if (tenant === undefined || caseId === undefined) throw fault('slack_payload', "the button's value names no request");
  return { tenant, case: caseId, request: Number(request) };
}

function idOf(value: unknown, form: RegExp, field: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw fault('slack_payload', `${field} is not an id of Slack`);
  return value;
}

function fault(code: SlackFault, message: string, cause?: unknown): CodedError<SlackFault> {
  return new CodedError(code, message, cause === undefined ? {} : { cause });
}
