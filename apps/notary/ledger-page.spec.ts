import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { FAULTS } from './faults.js';

const PAGE = readFileSync('docs/ledger.md', 'utf8');

it('docs/ledger.md names every refusal with its status', () => {
  const rows = [...PAGE.matchAll(/^\| (\d{3}) \| (`.+`) \| .+ \|$/gm)].flatMap(([, status, codes = '']) => codes.split(', ').map((code) => [code.slice(1, -1), Number(status)]));
  const known = [...Object.entries(FAULTS).map(([code, { status }]) => [code, status]), ['busy', 503], ['unknown_parameter', 400]];
  expect(new Map(rows as [string, number][])).toEqual(new Map(known as [string, number][]));
});

it('docs/ledger.md names every setting that makes checkpoints', () => {
  const names = [...readFileSync('apps/notary/settings.ts', 'utf8').matchAll(/(GATEHOUSE_(?:NOTARY|VAULT)_\w+)[!?]:/g)].map(([, name]) => name).filter((name) => name !== 'GATEHOUSE_NOTARY_LISTEN');
  expect(names.length).toBeGreaterThan(6);
  for (const name of names) expect(PAGE).toContain(`\`${name}`);
});
