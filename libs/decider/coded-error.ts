/** An error with a closed code: callers switch on `code`, people read `message`, and `cause` keeps what lay beneath. */
export class CodedError<Code extends string = string> extends Error {
  constructor(
    readonly code: Code,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CodedError';
  }
}

/** True for a `CodedError` of any code. */
export function isCoded(error: unknown): error is CodedError {
  return error instanceof CodedError;
}

/** The code of a `CodedError`, or undefined for any other thrown value. */
export function codeOf(error: unknown): string | undefined {
  return isCoded(error) ? error.code : undefined;
}

/** Stands where the compiler has shown that nothing is left; at run time it names the stray value's kind. */
export function unreachable(value: never, what: string): never {
  throw new CodedError('unreachable', `${what}: no case for ${JSON.stringify(value)}`);
}
