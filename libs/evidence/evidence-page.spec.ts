import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { PRECONDITIONS } from '#portals';
import { FINDING_CODES } from './finding.js';

const page = readFileSync('docs/evidence.md', 'utf8');

it.each([...FINDING_CODES, 'source_unknown:<source>'])('docs/evidence.md says what %s means', (code) => {
  expect(page.split('\n').filter((line) => line.startsWith('|') && line.includes(`\`${code}\``))).toHaveLength(1);
});

it('docs/evidence.md and docs/policy.md name every precondition', () => {
  for (const text of [page, readFileSync('docs/policy.md', 'utf8')]) for (const code of Object.keys(PRECONDITIONS)) expect(text).toContain(`\`${code}\``);
});
