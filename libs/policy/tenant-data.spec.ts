import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '#decider';
import { checkTenantData } from './tenant-data.js';

const read = (file: string): JsonObject => JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
const committed = read('policies/tenant/data.json');
const stated = new Ajv2020({ strict: true, strictRequired: false }).compile(read('docs/tenant-data.schema.json'));

const FREEZE = { from: '2026-12-18T17:00:00.000Z', until: '2027-01-04T07:00:00.000Z' };
const ACCOUNT = { portal: 'scim', account: 's-9' };
const HR = { people: ['p-1'], actions: ['offboard'] };
const FULL: JsonObject = { ...committed, break_glass_accounts: [ACCOUNT], freezes: [FREEZE], may_request: { hr: HR } };

/** What the loader says of it; undefined where it takes it. */
function complaint(data: JsonObject): string | undefined {
  try {
    checkTenantData(data);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
}

describe("a tenant's policy data", () => {
  it('may list what no automation touches, freezes, and who may ask for what, or leave them out', () => {
    const { break_glass_accounts: _accounts, freezes: _freezes, ...least } = committed;
    for (const data of [committed, FULL, least]) expect([complaint(data), stated(data)]).toEqual([undefined, true]);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['an account without its portal', { break_glass_accounts: [{ account: 's-9' }] }, /break_glass_accounts must be a list of accounts/u],
    ['an account with a member too many', { break_glass_accounts: [{ ...ACCOUNT, name: 'root' }] }, /break_glass_accounts/u],
    ['a freeze without an end', { freezes: [{ from: FREEZE.from }] }, /freezes must be a list of/u],
    ['a freeze by the day', { freezes: [{ from: '2026-12-18', until: '2027-01-04' }] }, /freezes/u],
    ['a group that is a list', { may_request: { hr: ['p-1'] } }, /may_request must hold groups by name/u],
    ['groups that are a list', { may_request: [HR] }, /may_request/u],
    ['a group without actions', { may_request: { hr: { people: ['p-1'] } } }, /may_request/u],
    ['a person without an id', { protected_people: [''] }, /protected_people must be a list of person ids/u],
    ['a limit of no leavers', { leavers_per_hour: { tenant: 0 } }, /leavers_per_hour must hold whole numbers from 1/u],
    ['a limit for nothing that is counted', { leavers_per_hour: { team: 5 } }, /leavers_per_hour/u],
    ['nothing for a list', { freezes: null }, /freezes/u],
    ['a member of the language itself', { constructor: [] }, /constructor is not a member/u],
  ])('with %s is refused by name, and is not of the schema', (_, change, message) => {
    const data = { ...FULL, ...change };
    expect(complaint(data)).toMatch(message);
    expect(stated(data)).toBe(false);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['a freeze that ends before it begins', { freezes: [{ from: FREEZE.until, until: FREEZE.from }] }, /freezes must be .* the first before the second/u],
    ['a day that there is not', { freezes: [{ ...FREEZE, from: '2026-02-30T00:00:00.000Z' }] }, /freezes/u],
    ['a human asked only above refusal', { require_hitl_from: 0.97 }, /require_hitl_from must not be above/u],
  ])('with %s is refused, though no schema can say so', (_, change, message) => {
    const data = { ...FULL, ...change };
    expect(complaint(data)).toMatch(message);
    expect(stated(data)).toBe(true);
  });

  it('is never taken by the loader where the schema refuses it', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<JsonValue>([FREEZE], [ACCOUNT], { hr: HR }, ['p-1'], 0.5, 2, [{ ...HR }]));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(FULL), 'more'), odd, (member, value) => {
        const data = { ...FULL, [member]: value as JsonValue };
        if (!stated(data)) expect(complaint(data)).toContain(member);
      }),
    );
  });
});
