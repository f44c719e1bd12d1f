import { CAST } from './cast.js';
import type { Controlled } from './control.js';

const NUMBER = new Intl.NumberFormat('en');
const RECENT = 40;

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--off:#c0392b;--on:#1e8449}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{margin:0}h2{margin:2rem 0 .5rem;font-size:1.1rem}p{margin:.3rem 0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;background:var(--soft)}code{font-size:.92em}.off{color:var(--off)}.on{color:var(--on)}.quiet{opacity:.65}`;

/** The company's state on one plain page that loads nothing else. */
export function statePage(sandbox: Controlled): string {
  const { company, conditions, messages } = sandbox;
  const addresses = Object.entries(sandbox.addresses());
  const actions = company.actions();
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox company</title><style>${STYLE}</style></head><body>
<h1>Sandbox company</h1>
<p class="quiet">A company in a box on loopback. Its services speak plain HTTP (the relay TLS) because nothing here is real: never point them at anything else.</p>
<p>${NUMBER.format([...company.employees.all()].length)} people, ${NUMBER.format(company.directory.size)} directory accounts, ${NUMBER.format(company.scim.size)} SCIM accounts.
Latency ${String(conditions.latencyMs)} ms. Out of order: ${conditions.outages.size === 0 ? 'none' : text([...conditions.outages].join(', '))}.</p>
<h2>Services</h2>${table(['service', 'address'], addresses.map(([name, address]) => [text(name), `<code>${text(address)}</code>`]))}
<h2>The cast</h2>${table(['part', 'number', 'name', 'HRIS', 'directory', 'SCIM'], castRows(sandbox))}
<h2>What the portals were told</h2>${table(
    ['at', 'portal', 'whom', 'what', 'effect'],
    actions.slice(-RECENT).reverse().map((a) => [text(a.at), text(a.portal), text(a.employeeNumber), text(a.what), a.changed ? 'changed' : '<span class="quiet">none</span>']),
  )}
<h2>Slack</h2>${table(['time', 'to', 'message', 'updates'], messages.all().slice(-RECENT).reverse().map((m) => [text(m.ts), text(m.channel), text(m.text), String(m.updates)]))}
</body></html>`;
}

function castRows({ company }: Controlled): readonly (readonly string[])[] {
  return Object.entries(CAST)
    .flatMap(([part, numbers]) => [numbers].flat().map((number) => [part, number] as const))
    .map(([part, number]) => {
      const employee = company.employees.get(number);
      const [directory] = company.directory.find(`employeeNumber:${number}`);
      const [scim] = company.scim.find(`externalId:${number}`);
      const hris = employee ? `${employee.status}${employee.lastDay === null ? '' : `, last day ${employee.lastDay}`}` : 'unknown';
      return [text(part), text(number), text(employee?.displayName ?? ''), text(hris), account(directory), account(scim)];
    });
}

function account(found: { active: boolean; groups: readonly string[]; roles: readonly string[] } | undefined): string {
  if (!found) return '<span class="quiet">no account</span>';
  const held = [...found.roles, ...found.groups].map(text).join(', ');
  return `<span class="${found.active ? 'on' : 'off'}">${found.active ? 'active' : 'disabled'}</span> <span class="quiet">${held}</span>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((name) => `<th>${text(name)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
