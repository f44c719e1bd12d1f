import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { CodedError } from '#decider';

/**
 * JSON lines in one file of mode 0600, written before a change is acknowledged.
 * A written line is the kernel's, so kill -9 loses none; it is not synced, so a power cut may (a sandbox, not a store).
 */
export class AppendFile<T> {
  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
  ) {}

  /** Opens or makes the file and hands every line there is to `replay`, oldest first; a torn last line is cut off. */
  static open<T>(path: string, replay: (line: T) => void): AppendFile<T> {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const descriptor = openSync(path, 'a', 0o600);
    if (whole.length < text.length) ftruncateSync(descriptor, Buffer.byteLength(whole));
    const file = new AppendFile<T>(path, descriptor);
    parsed<T>(whole, path).forEach(replay);
    return file;
  }

  append(line: T): void {
    writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
  }

  /** Every line, read back from disk so that a long run keeps none of them in memory. */
  lines(): T[] {
    return parsed<T>(readFileSync(this.path, 'utf8'), this.path);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

function parsed<T>(text: string, path: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        return JSON.parse(line) as T;
      } catch (cause) {
        throw new CodedError('sandbox_data', `${path}: line ${String(i + 1)} is not JSON`, { cause });
      }
    });
}
