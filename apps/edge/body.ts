import { type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import { ProblemException } from './problem.js';

/** The largest request body that any edge takes. */
export const BODY_LIMIT_BYTES = 32 * 1024;

/** How deep a body may nest: far more than any form of ours, far less than what overflows the stack of those who walk it. */
const DEEPEST = 32;

class BodyPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (isDeeper(value, DEEPEST)) throw new ProblemException(422, 'invalid_body', `The body nests deeper than ${String(DEEPEST)} levels.`);
    return super.transform(value, metadata);
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** Validates a body by its class and answers 422 with every field that is wrong and what would be right. */
export function bodyPipe(): ValidationPipe {
  return pipe(true);
}

/** The same for a body whose form others define: what is not known of it is left out. */
export function foreignBodyPipe(): ValidationPipe {
  return pipe(false);
}

function pipe(forbidNonWhitelisted: boolean): ValidationPipe {
  return new BodyPipe({
    whitelist: true,
    forbidNonWhitelisted,
    transform: true,
    exceptionFactory: (errors) =>
      new ProblemException(422, 'invalid_body', 'Some fields are not as they should be.', errors.flatMap((e) => fieldsOf(e, ''))),
  });
}

function fieldsOf(error: ValidationError, prefix: string): { field: string; message: string }[] {
  const field = prefix + error.property;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldsOf(child, `${field}.`))];
}
