import { Type } from 'class-transformer';
import { IsEmail, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { bodyPipe, foreignBodyPipe, ProblemException } from '#edge';
import type { ChannelKind } from './channel-signature.js';

/** The channels that file tickets. */
export type TicketKind = Exclude<ChannelKind, 'bamboohr'>;

/** How old an event of Jira's may be, which it says in the signed body: it repeats a failed delivery for a good while. */
const JIRA_WINDOW_MS = 60 * 60_000;

/** What a ticket says, whatever system it is from. */
export interface Ticket {
  readonly id: string;
  /** The address of whom the ticket system authenticated. */
  readonly reporter: string;
  readonly text: string;
}

/** Gatehouse's own form. */
class GenericBody {
  @IsString() @IsNotEmpty() @MaxLength(200) id!: string;
  @IsEmail() reporter!: string;
  @IsOptional() @IsString() @MaxLength(500) subject?: string;
  @IsString() @IsNotEmpty() @MaxLength(24_000) text!: string;
}

/** A record of ServiceNow's Table API, with the address of the opener dot-walked. */
class ServiceNowBody {
  @Matches(/^[0-9a-f]{32}$/, { message: 'must be a sys_id' }) sys_id!: string;
  @IsEmail() 'opened_by.email'!: string;
  @IsOptional() @IsString() @MaxLength(500) short_description?: string;
  @IsString() @MaxLength(24_000) description!: string;
}

class JiraUser {
  @IsEmail() emailAddress!: string;
}

class JiraFields {
  @IsString() @IsNotEmpty() @MaxLength(500) summary!: string;
  @IsOptional() @IsString() @MaxLength(24_000) description?: string | null;
  @IsObject() @ValidateNested() @Type(() => JiraUser) reporter!: JiraUser;
}

class JiraIssue {
  @Matches(/^[A-Z][A-Z0-9_]{1,30}-\d{1,12}$/, { message: 'must be an issue key such as HR-12' }) key!: string;
  @IsObject() @ValidateNested() @Type(() => JiraFields) fields!: JiraFields;
}

/** The event that Jira, and Jira Service Management on it, sends for an issue. */
class JiraBody {
  @IsInt() timestamp!: number;
  @IsString() webhookEvent!: string;
  @IsObject() @ValidateNested() @Type(() => JiraIssue) issue!: JiraIssue;
}

const READERS: Readonly<Record<TicketKind, (body: unknown, now: Date) => Promise<Ticket | undefined>>> = {
  async generic(body) {
    const { id, reporter, subject, text } = (await bodyPipe().transform(body, { type: 'body', metatype: GenericBody })) as GenericBody;
    return { id, reporter, text: joined(subject, text) };
  },
  async servicenow(body) {
    const record = (await foreignBodyPipe().transform(body, { type: 'body', metatype: ServiceNowBody })) as ServiceNowBody;
    return { id: record.sys_id, reporter: record['opened_by.email'], text: joined(record.short_description, record.description) };
  },
  async jira(body, now) {
    // comments and changes are no requests, and have other shapes
    if (typeof body === 'object' && body !== null && 'webhookEvent' in body && typeof body.webhookEvent === 'string' && body.webhookEvent !== 'jira:issue_created') return undefined;
    const { timestamp, issue } = (await foreignBodyPipe().transform(body, { type: 'body', metatype: JiraBody })) as JiraBody;
    if (Math.abs(now.getTime() - timestamp) > JIRA_WINDOW_MS)
      throw new ProblemException(422, 'stale_event', 'The event is older than an hour, or from the future.', [{ field: 'timestamp', message: 'must be within an hour of now, in milliseconds' }]);
    return { id: issue.key, reporter: issue.fields.reporter.emailAddress, text: joined(issue.fields.summary, issue.fields.description) };
  },
};

/** The ticket in a body of this kind; undefined for an event that is no new ticket. @throws ProblemException 422 naming each field that is wrong. */
export async function ticketIn(kind: TicketKind, body: unknown, now: Date): Promise<Ticket | undefined> {
  const ticket = await READERS[kind](body, now);
  if (ticket !== undefined && !Object.values(ticket).every((text: string) => text.isWellFormed()))
    throw new ProblemException(422, 'invalid_body', 'A text holds half of a surrogate pair: send valid Unicode.');
  return ticket;
}

function joined(...pieces: readonly (string | null | undefined)[]): string {
  return pieces.filter((piece) => piece).join('\n\n');
}
