import 'reflect-metadata';
import { describe, expect, it, test } from '@jest/globals';
import type { ProblemException } from '#edge';
import { ticketIn, type TicketKind } from './ticket-bodies.js';

const NOW = new Date('2026-11-23T10:00:00Z');
const GENERIC = { id: 'T-1', reporter: 'karen@acme.example', subject: 'Leaver', text: 'Please offboard jane@acme.example' };
const SERVICENOW = { sys_id: 'a'.repeat(32), number: 'RITM0010023', 'opened_by.email': 'karen@acme.example', short_description: 'Leaver', description: 'Please offboard jane@acme.example', state: '1' };
const JIRA = {
  timestamp: NOW.getTime(),
  webhookEvent: 'jira:issue_created',
  user: { accountId: '5' },
  issue: { id: '10002', key: 'HR-12', fields: { summary: 'Leaver', description: 'Please offboard jane@acme.example', reporter: { emailAddress: 'karen@acme.example', displayName: 'Karen' }, priority: null } },
};

const errorsOf = async (kind: TicketKind, body: unknown): Promise<readonly string[]> => {
  const problem = await ticketIn(kind, body, NOW).then(
    () => undefined,
    (error: unknown) => error as ProblemException,
  );
  expect(problem?.getStatus()).toBe(422);
  return problem?.errors?.map(({ field }) => field) ?? [];
};

describe('a ticket is read', () => {
  test.each<[kind: TicketKind, body: unknown, id: string]>([
    ['generic', GENERIC, 'T-1'],
    ['servicenow', SERVICENOW, 'a'.repeat(32)],
    ['jira', JIRA, 'HR-12'],
  ])('%s', async (kind, body, id) => {
    expect(await ticketIn(kind, body, NOW)).toEqual({ id, reporter: 'karen@acme.example', text: 'Leaver\n\nPlease offboard jane@acme.example' });
  });

  it('but a comment or a change in Jira is none', async () => {
    for (const webhookEvent of ['jira:issue_updated', 'comment_created']) expect(await ticketIn('jira', { webhookEvent, comment: {} }, NOW)).toBeUndefined();
  });
});

describe('a wrong ticket is refused, and the field is named', () => {
  test.each<[kind: TicketKind, what: string, body: unknown, field: string]>([
    ['generic', 'no reporter', { ...GENERIC, reporter: undefined }, 'reporter'],
    ['generic', 'an empty text', { ...GENERIC, text: '' }, 'text'],
    ['generic', 'a member that is not ours', { ...GENERIC, approved: true }, 'approved'],
    ['servicenow', 'no sys_id', { ...SERVICENOW, sys_id: 'x' }, 'sys_id'],
    ['servicenow', 'no opener', { ...SERVICENOW, 'opened_by.email': '' }, 'opened_by.email'],
    ['jira', 'no issue', { ...JIRA, issue: undefined }, 'issue'],
    ['jira', 'nobody who reported it', { ...JIRA, issue: { ...JIRA.issue, fields: { summary: 'x', reporter: {} } } }, 'issue.fields.reporter.emailAddress'],
    ['jira', 'no event', {}, 'webhookEvent'],
    ['jira', 'an event of long ago', { ...JIRA, timestamp: NOW.getTime() - 3_601_000 }, 'timestamp'],
  ])('%s: %s', async (kind, _, body, field) => {
    expect(await errorsOf(kind, body)).toContain(field);
  });

  test.each([null, [], 7, 'text'])('%j is none', async (body) => {
    for (const kind of ['generic', 'servicenow', 'jira'] as const) await errorsOf(kind, body);
  });

  it('with half a surrogate pair', async () => {
    expect(await errorsOf('generic', { ...GENERIC, text: 'offboard \ud800' })).toEqual([]);
  });
});
