/** What a SCIM filter says of one attribute, as scimmy parses it. */
interface Comparison {
  readonly attribute: string;
  readonly value: string;
}

/**
 * The comparisons of a filter that is nothing but `attribute eq "value"`, joined by `or`; undefined for any other.
 * Those are answered from the indexes.
 */
export function equalities(filter: readonly unknown[]): readonly Comparison[] | undefined {
  const found = filter.map((alternative) => equality(alternative, ''));
  return found.every((one) => one !== undefined) ? found : undefined;
}

function equality(expression: unknown, prefix: string): Comparison | undefined {
  if (typeof expression !== 'object' || expression === null) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(expression);
  const [entry] = entries;
  if (!entry || entries.length !== 1) return undefined;
  const [name, value] = entry;
  const attribute = prefix + name;
  if (!Array.isArray(value)) return equality(value, `${attribute}.`);
  const [comparator, expected, ...more] = value as readonly unknown[];
  return comparator === 'eq' && typeof expected === 'string' && more.length === 0 ? { attribute, value: expected } : undefined;
}
