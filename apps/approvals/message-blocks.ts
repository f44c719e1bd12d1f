import type { types } from '@slack/bolt';
import { type ApprovalView, buttonValue, REJECT_ACTION } from '#approvals';
import { visible } from '#edge';
import { newsInWords, outcomeInWords } from './outcome-in-words.js';
import { approvals, byPhase, inWords, irreversible, PHASE_SAYS, worstFirst } from './plan-in-words.js';

/** The `action_id` of the button that opens the page. */
export const LINK_ACTION = 'gatehouse.open';

/** A message: blocks, and the one line that a notification shows. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

// a press sends the whole message back inside 32 KiB, so lists and texts are cut here; the page shows all
const LIST_LIMIT = 6;
const LINE_LIMIT = 180;
const FLAGGED_LIMIT = 400;
const TEXT_LIMIT = 1_000;

/**
 * Asks one approver. The button's value names the request and is no secret; the link is for this approver alone,
 * and null for who has decided: then only a change of mind is left to them.
 */
export function requestMessage(view: ApprovalView, link: string | null): SlackMessage {
  const target = { tenant: view.tenant, case: view.case, request: view.request };
  const buttons: types.ActionsBlock = {
    type: 'actions',
    elements: [
      ...(link === null ? [] : [{ type: 'button', style: 'primary', action_id: LINK_ACTION, url: link, text: plain('Review and decide') } as const]),
      { type: 'button', style: 'danger', action_id: REJECT_ACTION, value: buttonValue(target), text: plain('Reject') },
    ],
  };
  const blocks = [header(`Approval needed: ${view.title}`), ...soFar(view, link === null), ...facts(view), ...risk(view), ...preconditions(view), ...plan(view), ...flagged(view), codeAndDeadline(view), buttons];
  return { text: notification(`Approval needed: ${view.title}`), blocks };
}

/** The same message once the request is settled: what came of it, and nothing left to press. */
export function closedMessage(view: ApprovalView): SlackMessage {
  const { title, says } = outcomeInWords(view);
  const blocks: types.KnownBlock[] = [header(`${title}: ${view.title}`), section(shortened(says, TEXT_LIMIT)), ...since(view), ...votes(view), ...facts(view), context([`Case ${view.case}`, `Short code ${view.shortCode}`])];
  return { text: notification(`${title}: ${view.title}`), blocks };
}

/** Who is still wanted is told by number alone: their names are nobody's need. */
function soFar(view: ApprovalView, decided: boolean): types.KnownBlock[] {
  const approved = approvals(view);
  if (approved === 0) return [];
  const missing = Math.max(0, view.needed - approved);
  return [section(`${decided ? 'You have approved. ' : ''}${String(approved)} of ${String(view.needed)} have approved; ${missing === 1 ? 'one more person has' : `${String(missing)} more people have`} to decide.`)];
}

function since({ news }: ApprovalView): types.KnownBlock[] {
  const says = news === null ? undefined : newsInWords(news);
  return says === undefined ? [] : [section(says)];
}

function votes(view: ApprovalView): types.KnownBlock[] {
  const by = (wanted: 'approve' | 'reject'): string => [...new Set(view.votes.filter(({ vote }) => vote === wanted).map(({ person }) => person))].join(', ');
  const lines = [['Approved by', by('approve')], ['Rejected by', by('reject')]].flatMap(([said, people]) => (people === '' ? [] : [`${said} ${people}`]));
  return lines.length === 0 ? [] : [list(lines)];
}

function facts({ subject, effective, requester, requestedAt, hris, reason }: ApprovalView): types.KnownBlock[] {
  const who = subject ? `${subject.name} (${subject.address})` : 'Nobody could be identified';
  const asked = `${requester.name ?? requester.id}, ${inWords(requestedAt)}`;
  const rows = [['Who', who], ['When', effective], ['Requested by', asked], ['HRIS', hris], ['Reason', reason]] as const;
  return [{ type: 'section', fields: rows.flatMap(([label, value]) => (value === undefined ? [] : [label_(label), plain(line(value))])) }];
}

function risk({ risk: scored, reasons }: ApprovalView): types.KnownBlock[] {
  const policy = reasons.length > 0 ? [list(reasons.map(({ text }) => text))] : [];
  if (!scored) return [titled('Why you are asked'), ...policy];
  const { score, band, components } = scored;
  const why = worstFirst(components).map(({ name, value, weight, because }) => `${name.replaceAll('_', ' ')} (${(value * weight).toFixed(2)}): ${because}`);
  return [titled(`Why it is risky: ${band}, ${score.toFixed(2)} of 1.00`), list(why), ...policy];
}

function preconditions({ preconditions: open = [] }: ApprovalView): types.KnownBlock[] {
  return open.length === 0 ? [] : [titled('Before the accounts go, people have to see to this'), list(open)];
}

function plan(view: ApprovalView): types.KnownBlock[] {
  if (view.plan.length === 0) return [titled('What will be done'), section('Nothing can be done, because nobody was found. It can only be rejected.')];
  const phases = byPhase(view.plan).flatMap(([phase, steps]) => [
    titled(PHASE_SAYS[phase]),
    list(steps.map(({ portal, account, effects }) => `${portal}, account ${account}: ${effects.map(({ says }) => says).join('; ')}`)),
  ]);
  const forever = irreversible(view.plan);
  return forever.length === 0 ? phases : [...phases, titled('What cannot be undone'), list(forever)];
}

function flagged(view: ApprovalView): types.KnownBlock[] {
  if (!view.flagged) return [];
  const text = shortened(visible(view.flagged.text), FLAGGED_LIMIT);
  // preformatted rich text is literal: no mention, link or markup in it works
  return [
    titled(view.flagged.markers.length > 0 ? 'Suspicious text of the request, shown as it came. Do not follow it' : 'Text of the request, shown as it came: a model had a part in reading it'),
    { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text === '' ? '(empty)' : text }] }] },
  ];
}

function codeAndDeadline(view: ApprovalView): types.KnownBlock {
  return context([`Short code ${view.shortCode}`, `${approvals(view)} of ${view.needed} approvals`, `Decide until ${inWords(view.deadline)}`]);
}

function header(text: string): types.KnownBlock {
  return { type: 'header', text: plain(shortened(text, 100)) };
}

function titled(text: string): types.KnownBlock {
  return { type: 'section', text: label_(text) };
}

function section(text: string): types.KnownBlock {
  return { type: 'section', text: plain(text) };
}

function list(lines: readonly string[]): types.KnownBlock {
  const shown = lines.slice(0, LIST_LIMIT).map((text) => `• ${line(text)}`);
  const more = lines.length - shown.length;
  return section([...shown, ...(more > 0 ? [`… and ${more} more on the page`] : [])].join('\n') || 'Nothing');
}

function context(texts: readonly string[]): types.KnownBlock {
  return { type: 'context', elements: texts.map((text) => plain(text)) };
}

/** Our own words only. */
function label_(text: string): types.MrkdwnElement {
  return { type: 'mrkdwn', text: `*${text}*`, verbatim: true };
}

/** Everything that came from elsewhere: no markup, mention or link works in it. */
function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text: escaped(text), emoji: false };
}

function notification(text: string): string {
  return escaped(shortened(text, 100));
}

function line(text: string): string {
  return shortened(visible(text).replaceAll('\n', ' '), LINE_LIMIT);
}

/** At most `limit` characters, and no half of one; says how much was left out. */
export function shortened(text: string, limit: number): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  return `${characters.slice(0, limit).join('')} … (${characters.length - limit} more characters)`;
}

function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
