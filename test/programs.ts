import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';

/**
 * `describe` for a suite that runs programs which Node does not bring. Without one of them it is skipped aloud;
 * in CI, which installs them, it runs and fails.
 */
export function describeWith(...programs: readonly string[]): typeof describe | typeof describe.skip {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0 || process.env.CI === 'true') return describe;
  console.warn(`skipped: it runs ${programs.join(', ')}, and ${missing.join(', ')} is not on the path`);
  return describe.skip;
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
