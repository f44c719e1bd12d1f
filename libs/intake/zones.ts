const everyZone: readonly string[] = Intl.supportedValuesOf('timeZone');

/** Regions whose time of day is said without saying which half of the year it is. */
const regions: Readonly<Record<string, string>> = {
  et: 'America/New_York',
  eastern: 'America/New_York',
  ct: 'America/Chicago',
  central: 'America/Chicago',
  mt: 'America/Denver',
  mountain: 'America/Denver',
  pt: 'America/Los_Angeles',
  pacific: 'America/Los_Angeles',
};
const byRegion = /\b\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)?\s?(?:(et|ct|mt|pt)\b|(eastern|central|mountain|pacific)(?: time)?\b)/iu;
const byCity = /(?<![\p{L}\p{N}])(\p{Lu}\p{L}+(?:[ _]\p{Lu}\p{L}+){0,2})(?: local)? time(?!\p{L})/u;
const byName = /(?<![\p{L}\p{N}/])((?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z_/]{2,40})(?![\p{L}\p{N}/])/u;
const local = /\b(?:her|his|their|your|my|local) (?:own )?(?:local )?time(?: ?zone)?\b/iu;
/** Abbreviations that mean different zones on different continents. */
const ambiguous = /\b\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm)?\s(?:CST|IST|AST|GST|SST|BST)\b/u;

/** The IANA zone that `text` names for its times; null where it names none, undefined where nobody can tell which is meant. */
export function saidZone(text: string): string | null | undefined {
  if (ambiguous.test(text) || local.test(text)) return undefined;
  const name = byName.exec(text)?.[1];
  if (name !== undefined) return everyZone.find((zone) => zone.toLowerCase() === name.toLowerCase());
  const region = byRegion.exec(text);
  if (region !== null) return regions[(region[1] ?? region[2] ?? '').toLowerCase()];
  const city = byCity.exec(text)?.[1];
  if (city === undefined || /^(?:End|Full|Part|Some|Any|What|Which|The|This|That|Same|Working|Business|Notice|Standard|Summer|Daylight)$/u.test(city)) return null;
  const written = city.replaceAll(' ', '_').toLowerCase();
  const found = everyZone.filter((zone) => zone.toLowerCase().endsWith(`/${written}`));
  return found.length === 1 ? found[0] : undefined;
}
