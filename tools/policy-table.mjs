// node policy-table.mjs MANIFEST PAGE [--check]: writes the table of rules between the page's markers, or only compares.
import { readFileSync, writeFileSync } from 'node:fs';

const [manifest, page, mode] = process.argv.slice(2);
const { rules } = JSON.parse(readFileSync(manifest, 'utf8'));
const kinds = { block: 'block', deny: 'deny', hitl: 'require_hitl', allow: 'allow', quorum: 'how many' };
const cell = (text) => text.replaceAll('|', '\\|');
const rows = rules
  .map((rule) => ({ ...rule, kind: rule.id.split('.')[0] }))
  .sort((a, b) => Object.keys(kinds).indexOf(a.kind) - Object.keys(kinds).indexOf(b.kind)) // stable: ids stay in order within a kind
  .map((rule) => `| \`${rule.id}\` | ${kinds[rule.kind]} | ${cell(rule.title)} | ${cell(rule.description)} | \`${rule.package}\` |`);
const table = ['| rule | asks for | what it says | why, and from what | package |', '|---|---|---|---|---|', ...rows].join('\n');

const text = readFileSync(page, 'utf8');
const [before, , after] = text.split(/<!-- rules:(?:begin|end) -->/u);
if (after === undefined) {
  console.error(`${page}: the markers rules:begin and rules:end are missing`);
  process.exit(1);
}
const next = `${before}<!-- rules:begin -->\n${table}\n<!-- rules:end -->${after}`;
if (mode === '--check' && next !== text) {
  console.error(`${page}: the table of rules is not that of ${manifest}; run tools/policy-build.sh`);
  process.exit(1);
}
if (mode !== '--check') writeFileSync(page, next);
