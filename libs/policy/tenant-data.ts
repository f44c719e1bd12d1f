import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';

const LIMITS = ['confidence_from', 'require_hitl_from', 'two_people_from', 'block_from'] as const;

/** What is wrong with a member's value, or undefined. */
type Check = (value: JsonValue | undefined) => string | undefined;

const limit: Check = (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1');

/** What a tenant may leave out: the rules then find none of it. */
const OPTIONAL: Readonly<Record<string, Check>> = {
  break_glass_accounts: (value) => (isListOf(value, isAccount) ? undefined : 'must be a list of accounts, each {"portal", "account"}'),
  freezes: (value) => (isListOf(value, isFreeze) ? undefined : 'must be a list of {"from", "until"}, UTC times such as 2026-12-18T17:00:00.000Z, the first before the second'),
  leavers_per_hour: (value) => (isLimits(value) ? undefined : 'must hold whole numbers from 1 by tenant, source or department'),
  may_request: (value) => (isGroups(value) ? undefined : 'must hold groups by name, each {"people", "actions"} with person ids and actions such as offboard'),
};

const CHECKS: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(LIMITS.map((name) => [name, limit])),
  protected_people: (value) => (isListOf(value, isName) ? undefined : 'must be a list of person ids'),
  ...OPTIONAL,
};

/**
 * Refuses tenant data that the rules could not stand on: each limit a number from 0 to 1, asking a human no later than
 * refusing, lists and groups of the form that docs/tenant-data.schema.json states, and nothing misspelt.
 * @throws CodedError `policy_tenant_data` that names the member.
 */
export function checkTenantData(data: JsonObject): void {
  const refuse = (why: string): never => {
    throw new CodedError('policy_tenant_data', `policy tenant data: ${why}`);
  };
  for (const name of Object.keys(data)) if (!Object.hasOwn(CHECKS, name)) refuse(`${name} is not a member that the rules read`);
  for (const [name, check] of Object.entries(CHECKS)) {
    if (Object.hasOwn(OPTIONAL, name) && !Object.hasOwn(data, name)) continue;
    const wrong = check(data[name]);
    if (wrong !== undefined) refuse(`${name} ${wrong}`);
  }
  if (Number(data['require_hitl_from']) > Number(data['block_from'])) refuse('require_hitl_from must not be above block_from');
}

function isListOf(value: JsonValue | undefined, isOne: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isName(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

/** True for an object with exactly these members. */
function has(value: JsonValue, ...members: readonly string[]): value is JsonObject {
  return isJsonObject(value) && Object.keys(value).length === members.length && members.every((name) => Object.hasOwn(value, name));
}

function isAccount(value: JsonValue): boolean {
  return has(value, 'portal', 'account') && isName(value.portal) && isName(value.account);
}

function isFreeze(value: JsonValue): boolean {
  return has(value, 'from', 'until') && isInstant(value.from) && isInstant(value.until) && value.from < value.until;
}

/** Of one form, so that the order of texts is the order of times, and a day that there is. */
function isInstant(value: JsonValue | undefined): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value;
}

function isGroups(value: JsonValue | undefined): boolean {
  if (value === undefined || !isJsonObject(value)) return false;
  return Object.values(value).every((group) => has(group, 'people', 'actions') && isListOf(group.people, isName) && isListOf(group.actions, isName));
}

function isLimits(value: JsonValue | undefined): boolean {
  if (value === undefined || !isJsonObject(value)) return false;
  return Object.entries(value).every(([scope, most]) => ['tenant', 'source', 'department'].includes(scope) && Number.isSafeInteger(most) && Number(most) >= 1);
}
