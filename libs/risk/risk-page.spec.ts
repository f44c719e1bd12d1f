import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DEFAULT_LEAVER_LIMITS, DEFAULT_THRESHOLDS, DEFAULT_WEIGHTS } from './index.js';

const PAGE = readFileSync('docs/policy.md', 'utf8');

test('docs/policy.md tells the default of every weight, threshold and limit', () => {
  const [, tables = ''] = PAGE.split(/<!-- risk:(?:begin|end) -->/u);
  const told = [...tables.matchAll(/^\| `(?<name>\w+)` \| (?<value>[\d.]+) \|/gmu)].map(({ groups }) => [groups?.['name'], Number(groups?.['value'])]);
  expect(told).toEqual([...Object.entries(DEFAULT_WEIGHTS), ...Object.entries(DEFAULT_THRESHOLDS)]);
  const [line = ''] = /^\| `leavers_per_hour`.*$/mu.exec(PAGE) ?? [];
  for (const [scope, limit] of Object.entries(DEFAULT_LEAVER_LIMITS)) expect(line).toMatch(new RegExp(`\`${scope}\`.* ${String(limit)} where left out`, 'u'));
});

test('the rules have the same default limit', () => {
  const rego = readFileSync('policies/gatehouse/rules/breaker/breaker.rego', 'utf8');
  expect(/\["leavers_per_hour", scope\], (?<limit>\d+)\)/u.exec(rego)?.groups?.['limit']).toBe(String(DEFAULT_LEAVER_LIMITS.tenant));
  expect(new Set(Object.values(DEFAULT_LEAVER_LIMITS)).size).toBe(1);
});
