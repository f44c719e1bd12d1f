import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** How far the checkpoints in the store were read and held against the book: a number in a file; too low a one only costs time. */
export class ReadPosition {
  constructor(private readonly path: string) {}

  /** The last revision that was read; -1 where none was, or the file does not say. */
  read(): number {
    const text = existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
    return /^\d{1,15}\n$/.test(text) ? Number(text) : -1;
  }

  write(revision: number): void {
    if (revision >= 0) writeFileSync(this.path, `${revision}\n`, { mode: 0o600 });
  }
}
