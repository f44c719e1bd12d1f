import { isJsonObject, type JsonObject } from '#decider';
import type { PortalState } from './connector.js';
import { type PortalCalls, PortalError } from './portal-calls.js';
import { objectsIn, sorted, textOf } from './state-fields.js';

/**
 * A text as a SCIM filter value, which RFC 7644 (3.4.2.2) takes as a JSON string. Quotes are written by their number, as JSON allows:
 * some servers end the value at any quote, even one behind a backslash.
 */
export const filterText = (text: string): string =>
  `"${text.replace(/["\\\p{Cc}\p{Surrogate}]/gu, (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

const PAGE = 100;
const MOST_RESOURCES = 10_000;

/**
 * Every resource at `endpoint` that `filter` lets through, page by page to the end (RFC 7644, 3.4.2.4).
 * @throws PortalError `portal_answer` for a list that does not add up or has no end.
 */
export async function everyResource(call: PortalCalls, endpoint: string, filter: string): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  for (;;) {
    const answer = await call('GET', `${endpoint}?filter=${encodeURIComponent(filter)}&startIndex=${found.length + 1}&count=${PAGE}`);
    if (answer.missing || !isJsonObject(answer.body)) throw new PortalError('portal_answer', 'no SCIM list');
    const total = answer.body['totalResults'];
    const page = objectsIn(answer.body, 'Resources');
    if (typeof total !== 'number' || total > MOST_RESOURCES) throw new PortalError('portal_answer', 'a SCIM list without an end');
    found.push(...page);
    if (found.length >= total) return found;
    if (page.length === 0) throw new PortalError('portal_answer', 'a SCIM list shorter than it says');
  }
}

/** A resource's id. @throws PortalError `portal_answer` without one. */
export function idOf(resource: JsonObject): string {
  const id = resource['id'];
  if (typeof id !== 'string' || id === '') throw new PortalError('portal_answer', 'a SCIM resource without an id');
  return id;
}

/** What a SCIM user is, with the groups it is a direct member of. @throws PortalError `portal_answer` for anything but a user. */
export function stateOf(user: JsonObject, groups: readonly string[]): PortalState & JsonObject {
  const { active, userName } = user;
  // absent means active for servers that leave the attribute out
  if (typeof userName !== 'string' || (active !== undefined && typeof active !== 'boolean')) throw new PortalError('portal_answer', 'not a SCIM user');
  const values = (field: string): readonly string[] =>
    sorted(objectsIn(user, field).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])));
  return {
    exists: true,
    userName,
    active: active ?? true,
    externalId: textOf(user['externalId']),
    displayName: textOf(user['displayName']),
    emails: values('emails'),
    roles: values('roles'),
    entitlements: values('entitlements'),
    groups: sorted(groups),
  };
}

/** The direct groups that the user resource itself names, or undefined when it names none: the attribute is optional and may be left out. */
export function groupsNamedIn(user: JsonObject): readonly string[] | undefined {
  if (!Array.isArray(user['groups'])) return undefined;
  return objectsIn(user, 'groups').flatMap(({ value, type }) => (typeof value === 'string' && type !== 'indirect' ? [value] : []));
}
