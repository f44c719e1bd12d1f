import { CodedError, isJsonObject, type JsonValue } from '#decider';
import { PARTS, parts } from './share.js';

/** What a number in a tenant's file must be: whether it is so, and how that is said. */
export interface Demand {
  readonly says: string;
  holds(value: number): boolean;
}

export const SHARE: Demand = { says: 'must be a number from 0 to 1', holds: (value) => value >= 0 && value <= 1 };
export const COUNT: Demand = { says: 'must be a whole number from 1', holds: (value) => Number.isSafeInteger(value) && value >= 1 };
export const TIMES: Demand = { says: 'must be a number above 1', holds: (value) => value > 1 && Number.isFinite(value) };

/** How to refuse what is wrong: the code, and what the file is called in messages. */
export interface Complaint {
  readonly code: string;
  readonly about: string;
}

/**
 * Reads a closed object of numbers: answers how to get one by name, demanded to be so; `otherwise` is what it is where it was left out.
 * @throws CodedError of the complaint's code that names the member: one is missing, misspelt, out of range or, as a share, finer than four decimals.
 */
export function numbersIn(value: JsonValue, known: readonly string[], complaint: Complaint): (name: string, demand: Demand, otherwise?: number) => number {
  const refuse = (why: string): never => {
    throw new CodedError(complaint.code, `${complaint.about}: ${why}`);
  };
  if (!isJsonObject(value)) return refuse('must be an object of name and number');
  for (const name of Object.keys(value)) if (!known.includes(name)) refuse(`${name} is not one of ${known.join(', ')}`);
  return (name, demand, otherwise) => {
    const given = Object.hasOwn(value, name) ? value[name] : otherwise;
    if (typeof given !== 'number' || !demand.holds(given)) return refuse(`${name} ${demand.says}`);
    return demand !== SHARE || parts(given) / PARTS === given ? given : refuse(`${name} must have at most four decimals`);
  };
}
