import { CodedError, type JsonObject } from '#decider';
import { parseLeaverLimits } from '#risk';

const LIMITS = ['confidence_from', 'require_hitl_from', 'two_people_from', 'block_from'] as const;

/**
 * Refuses tenant data that the rules could not stand on: each limit a number from 0 to 1, asking a human no later than
 * refusing, `protected_people` a list of person ids, `leavers_per_hour` whole numbers where it is there, and nothing misspelt.
 * @throws CodedError `policy_tenant_data` that names the member.
 */
export function checkTenantData(data: JsonObject): void {
  const refuse = (why: string): never => {
    throw new CodedError('policy_tenant_data', `policy tenant data: ${why}`);
  };
  const known = new Set<string>([...LIMITS, 'protected_people', 'leavers_per_hour']);
  for (const name of Object.keys(data)) if (!known.has(name)) refuse(`${name} is not a member that the rules read`);
  const [, human, , block] = LIMITS.map((name) => {
    const limit = data[name];
    return typeof limit === 'number' && limit >= 0 && limit <= 1 ? limit : refuse(`${name} must be a number from 0 to 1`);
  });
  if (human !== undefined && block !== undefined && human > block) refuse('require_hitl_from must not be above block_from');
  const people = data['protected_people'];
  if (!Array.isArray(people) || !people.every((person) => typeof person === 'string' && person !== '')) {
    refuse('protected_people must be a list of person ids');
  }
  parseLeaverLimits(data['leavers_per_hour']);
}
