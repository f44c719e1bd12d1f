import { Type } from 'class-transformer';
import { Allow, IsArray, IsObject, IsOptional, isISO8601, IsString, ValidateNested } from 'class-validator';
import { isJsonObject } from '#decider';
import { foreignBodyPipe } from '#edge';
import { EMPLOYEE_NUMBER, type Termination } from './termination.js';

/** One employee of a field-based webhook; the names of the fields are those of BambooHR's API. */
class ChangedEmployee {
  @IsOptional() @IsArray() @IsString({ each: true }) changedFields?: string[] | null;
  // an empty list where there are none
  @Allow() fields?: unknown;
}

/** What BambooHR posts for a field-based webhook, permissioned or global. */
class BambooHrBody {
  @IsArray() @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => ChangedEmployee) employees!: ChangedEmployee[];
}

/** A change to one of these may be a termination. */
const TELLING = ['status', 'employmentHistoryStatus', 'terminationDate'];
const ENDED = ['inactive', 'terminated'];
/** How BambooHR writes that there is no date. */
const NO_DATE = ['', '0000-00-00'];

/** What a delivery says: whose employment ends, and what could not be read. */
export interface Delivered {
  readonly terminations: readonly Termination[];
  readonly faults: readonly { readonly field: string; readonly message: string }[];
}

type Wrong = (field: 'employeeNumber' | 'status' | 'terminationDate', message: string) => void;

/**
 * Whose employment ends, by a webhook's body: of whom it says that the status changed to an ended one, or the termination date to a date.
 * One that cannot be read holds up no other: the faults name each field that is wrong, or that the webhook should post and does not.
 * @throws ProblemException 422 for what is no such body at all.
 */
export async function terminationsIn(body: unknown): Promise<Delivered> {
  const { employees } = (await foreignBodyPipe().transform(body, { type: 'body', metatype: BambooHrBody })) as BambooHrBody;
  const faults: { readonly field: string; readonly message: string }[] = [];
  const terminations = employees.flatMap((employee, i) => {
    const before = faults.length;
    const termination = terminationOf(employee, (field, message) => void faults.push({ field: `employees.${String(i)}.fields.${field}`, message }));
    return termination === undefined || faults.length > before ? [] : [termination];
  });
  return { terminations, faults };
}

function terminationOf({ changedFields, fields }: ChangedEmployee, wrong: Wrong): Termination | undefined {
  const changed = changedFields ?? [];
  if (!changed.some((name) => TELLING.includes(name))) return undefined;
  const posted = isJsonObject(fields) ? fields : {};
  const [employee, status, lastDay] = [textOf(posted.employeeNumber), textOf(posted.status), textOf(posted.terminationDate)];
  if (status === undefined) wrong('status', 'must be posted, as text');
  if (lastDay === undefined) wrong('terminationDate', 'must be posted, as a date or empty');
  if (status === undefined || lastDay === undefined) return undefined;
  const dated = changed.includes('terminationDate') && !NO_DATE.includes(lastDay);
  if (!dated && !ENDED.includes(status.toLowerCase())) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(lastDay) || !isISO8601(lastDay, { strict: true })) wrong('terminationDate', 'must be the last day as YYYY-MM-DD');
  if (employee === undefined || !EMPLOYEE_NUMBER.test(employee)) wrong('employeeNumber', 'must be posted: 1 to 64 letters, digits or hyphens');
  return { employee: employee ?? '', lastDay };
}

/** A field's text, as it stands or wrapped as `{value}`; empty for null, undefined where it is not there or is something else. */
function textOf(field: unknown): string | undefined {
  const value = isJsonObject(field) ? field.value : field;
  if (value === null) return '';
  // beyond that a number is not the one that was posted
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' ? value.trim() : undefined;
}
