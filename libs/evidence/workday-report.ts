import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type PortalAddress, portalCalls, PortalError } from '#portals';

/** A custom report that Workday serves as a web service (Reports-as-a-Service). */
export interface WorkdayReport {
  /** Its rows, by the column names that the report's author gave. @throws PortalError, with the codes that portals fail with. */
  rows(): Promise<readonly JsonObject[]>;
}

/** The report at its own URL for JSON, with the read-only credential of an integration system user. */
export function openWorkdayReport(address: PortalAddress): WorkdayReport {
  const call = portalCalls(address);
  return {
    async rows() {
      const answer = await call('GET', '');
      const rows = !answer.missing && isJsonObject(answer.body) ? answer.body.Report_Entry : undefined;
      if (!Array.isArray(rows) || !rows.every((row: JsonValue) => isJsonObject(row))) throw new PortalError('portal_answer', 'no list of report entries');
      return rows;
    },
  };
}

/** The day that Workday writes, with a zone or without; undefined for anything else. */
export function workdayDay(text: string): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(text.trim())?.[1];
  if (day === undefined) return undefined;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}
