/** One line of the table: what end point and offline program say of a harm, at the second of its places where it has more than one. `missed` tells each check that did not go as it must. */
export interface Row {
  readonly name: string;
  readonly where: string;
  readonly endPoint: string;
  readonly offline: string;
  readonly total: number;
  readonly missed: readonly string[];
}

/** Counts the checks of one row. */
export class Checks {
  readonly missed: string[] = [];
  #total = 0;

  constructor(private readonly name: string) {}

  /** `words` are what was said where it does not hold. */
  that(holds: boolean, which: string, words: string): void {
    this.#total += 1;
    if (!holds) this.missed.push(`${this.name}, ${which}: ${words}`);
  }

  row(where: string, endPoint: string, offline: string): Row {
    return { name: this.name, where, endPoint, offline, total: this.#total, missed: this.missed };
  }
}

const COLUMNS = ['harm', 'at', 'the end point', 'offline', 'found'];

/** The table of `npm run bench -- tamper` and docs/ledger.md; `found` is how many checks of all went as they must. */
export function tableOf(rows: readonly Row[]): readonly string[] {
  const cells = rows.map(({ name, where, endPoint, offline, total, missed }) => [name, where, endPoint, offline, `${total - missed.length}/${total}`]);
  return [COLUMNS, COLUMNS.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
}
