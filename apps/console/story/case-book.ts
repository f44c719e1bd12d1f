import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { Client } from '../client.js';
import type { Teller } from './teller.js';

/** One line of a case's story, as the admin app tells it. */
export interface Line {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly actor: string;
  readonly data: JsonObject;
}

/** Reads cases as an auditor may: through the admin app. */
export class CaseBook {
  constructor(
    private readonly client: Client,
    private readonly teller: Teller,
  ) {}

  /** Files a request and answers the case's id. */
  async file(body: JsonObject, who = 'requester-hr'): Promise<string> {
    const answer = await this.client.gatekeeper('/v1/requests', { token: this.client.token(who), json: body, headers: { 'idempotency-key': crypto.randomUUID() } });
    this.teller.expect('the answer to the request', answer.status, 202);
    return text(answer.body.case);
  }

  /** All lines of a case so far. */
  async lines(id: string): Promise<readonly Line[]> {
    const { status, body } = await this.client.admin(`/v1/cases/${id}`);
    return status === 200 ? linesOf(body) : [];
  }

  /** Waits for a line of this type, of the ledger or inside a receipt, and answers all lines up to then. */
  async until(id: string, type: string, where: (line: Line) => boolean = () => true, seconds?: number): Promise<readonly Line[]> {
    return this.teller.until(`${type} in ${id}`, async () => {
      const lines = await this.lines(id);
      return lines.some((line) => typeOf(line) === type && where(line)) ? lines : undefined;
    }, seconds);
  }

  /** One line an event. */
  tell(lines: readonly Line[]): void {
    for (const line of lines) this.teller.say(`${String(line.seq).padStart(4)}  ${line.at.slice(11, 23)}  ${typeOf(line).padEnd(24)} ${gist(line)}`);
  }
}

/** The type of a line; a receipt's is the doer's own, marked as such. */
export function typeOf(line: Line): string {
  const entry = line.data.entry;
  return line.type === 'receipt.taken' && isJsonObject(entry) ? `doer: ${text(entry.type)}` : line.type;
}

function gist(line: Line): string {
  const { entry } = line.data;
  const data = line.type === 'receipt.taken' && isJsonObject(entry) && isJsonObject(entry.data) ? entry.data : line.data;
  const told = ['outcome', 'score', 'confidence', 'as', 'code', 'phase', 'order', 'portal', 'reason', 'vote', 'strength', 'approver', 'effects', 'flags', 'needed'];
  return told.filter((name) => data[name] !== undefined && data[name] !== null).map((name) => `${name}=${plain(data[name] ?? null)}`).join(' ');
}

function plain(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The lines inside the admin app's answer, stage by stage, in the order of the ledger. */
function linesOf(body: JsonObject): readonly Line[] {
  const listed = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? (value as readonly JsonValue[]) : []);
  const entries = listed(body.stages).flatMap((stage) => (isJsonObject(stage) ? listed(stage.entries) : []));
  return entries.filter(isLine).sort((a, b) => a.seq - b.seq);
}

function isLine(value: JsonValue): value is JsonObject & Line {
  return isJsonObject(value) && typeof value.seq === 'number' && typeof value.type === 'string' && isJsonObject(value.data);
}

/** The value as text, or nothing. */
export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
