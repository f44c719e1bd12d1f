import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { AppendFile } from '../append-file.js';

interface Line {
  readonly table: string;
  readonly key: string;
  /** Null takes the row out. */
  readonly row: unknown;
}

/** Rows by key; every change is on disk before the caller hears of it. */
export class Table<Row> {
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly name: string,
    private readonly write: (line: Line) => void,
  ) {}

  get(key: string): Row | undefined {
    return this.rows.get(key);
  }

  set(key: string, row: Row): void {
    this.write({ table: this.name, key, row });
    this.rows.set(key, row);
  }

  delete(key: string): void {
    if (!this.rows.has(key)) return;
    this.write({ table: this.name, key, row: null });
    this.rows.delete(key);
  }

  entries(): IterableIterator<[string, Row]> {
    return this.rows.entries();
  }

  /** Takes in a line that was written before. */
  replay({ key, row }: Line): void {
    if (row === null) this.rows.delete(key);
    else this.rows.set(key, row as Row);
  }
}

/** Tables that share one append file. */
export class Tables {
  private readonly lines = new Map<string, Line[]>();
  private readonly file: AppendFile<Line>;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = AppendFile.open<Line>(join(folder, 'vault.jsonl'), (line) => {
      const known = this.lines.get(line.table);
      if (known) known.push(line);
      else this.lines.set(line.table, [line]);
    });
  }

  /** The table of that name, with what the file holds for it. */
  table<Row>(name: string): Table<Row> {
    const table = new Table<Row>(name, (line) => this.file.append(line));
    this.lines.get(name)?.forEach((line) => table.replay(line));
    this.lines.delete(name);
    return table;
  }

  close(): void {
    this.file.close();
  }
}
