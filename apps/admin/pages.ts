import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type Html, html } from '#edge';
import type { CaseRow, Views } from '#views';
import { decisionsOf, stagesOf, type StoryEntry, type StoryStage } from './case-story.js';
import type { OpenedCase } from './queries.js';

const WAITING = { date: 'waits for its date', people: 'waits for people', window: 'in its window', person: 'needs a person', parked: 'set aside' } as const;

/** The list of cases, newest first. */
export function listPage(tenant: string, { cases, next }: ReturnType<Views['cases']>): string {
  const rows = cases.map(
    (row) => html`<li><a href="/cases/${row.case}"><span class="id">${row.case}</span>${badge(row)}</a>
<p>${titleOf(row)} · asked by ${row.requester} · ${time(row.opened)}${row.score === null ? '' : ` · risk ${row.score.toFixed(2)}`}</p></li>`,
  );
  const more = next === null ? undefined : html`<p><a href="/?cursor=${next}">Older cases</a></p>`;
  return layout(`Cases of ${tenant}`, html`<h1>Cases of ${tenant}</h1>
${cases.length === 0 ? html`<p>There is no case here.</p>` : html`<ol class="cases">${rows}</ol>`}${more}`);
}

/** A case's story, stage by stage, one line an event. */
export function casePage(opened: OpenedCase): string {
  const { row } = opened;
  const decided = decisionsOf(opened).map(({ by, words, seq }) => html`<li><a href="#e${seq}">${by}</a>: ${words}</li>`);
  return layout(row.case, html`<p><a href="/">All cases</a></p>
<h1>${titleOf(row)} ${badge(row)}</h1>
<dl>
<dt>Case</dt><dd class="id">${row.case}</dd>
<dt>Asked by</dt><dd>${row.requester}</dd>
<dt>Opened</dt><dd>${time(row.opened)}</dd>
<dt>Last event</dt><dd>${time(row.updated)}</dd>
<dt>Risk</dt><dd>${row.score === null ? 'not scored' : row.score.toFixed(2)}</dd>
<dt>Decided by</dt><dd>${decided.length === 0 ? 'nobody yet' : html`<ul>${decided}</ul>`}</dd>
</dl>
${stagesOf(opened).map(stageSection)}`);
}

function stageSection({ stage, phase, entries }: StoryStage): Html {
  return html`<section><h2>${stage} <small>${phase}</small></h2><ol class="events">${entries.map(eventItem)}</ol></section>`;
}

function eventItem({ seq, type, at, actor, words, data }: StoryEntry): Html {
  const said = personal(data).map(([name, text]) => html`<blockquote><b>${name}</b> <bdi>${text}</bdi></blockquote>`);
  return html`<li id="e${seq}"><p class="words">${words}</p>${said}
<details><summary>${time(at)} · ${actor} · ${type} · entry ${seq}</summary><pre>${JSON.stringify(data, null, 2)}</pre></details></li>`;
}

/** What the fields that people wrote or are named by are called. */
const PERSONAL: Readonly<Record<string, string>> = { text: 'the request', target: 'whom', claimedRequester: 'claims to be', reason: 'reason', label: 'person' };

/** The personal fields of an event, opened, by what they are called. */
function personal(data: JsonObject): readonly (readonly [string, string])[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (!isJsonObject(value)) return [];
    if (name === 'proof') return personal(value);
    const called = PERSONAL[name];
    if (called === undefined) return [];
    if ('unsealed' in value) return [[called, plain(value.unsealed ?? null)] as const];
    return [[called, value.erased === true ? 'erased' : 'cannot be read now'] as const];
  });
}

/** A target by its value, a person by name and address, anything else as it is. */
function plain(value: JsonValue): string {
  if (typeof value === 'string') return value;
  const { value: target, name, address } = isJsonObject(value) ? value : {};
  const words = [target, name, address].filter((part) => typeof part === 'string');
  return words.length > 0 ? words.join(', ') : 'nobody in particular';
}

function titleOf({ pipeline, person }: CaseRow): string {
  return `${pipeline} ${person ?? 'nobody identified'}`;
}

function badge({ outcome, waiting, stage }: CaseRow): Html {
  return html`<span class="badge ${outcome ?? waiting ?? 'moving'}">${outcome ?? (waiting === null ? stage : WAITING[waiting])}</span>`;
}

function time(instant: string): Html {
  return html`<time datetime="${instant}">${instant.slice(0, 10)} ${instant.slice(11, 23)} UTC</time>`;
}

function layout(title: string, main: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Gatehouse</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header><span>Gatehouse</span> the record</header>
<main>${main}</main>
</body>
</html>
`.text;
}
