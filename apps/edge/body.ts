import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { ProblemException } from './problem.js';

/** The largest request body that any edge takes. */
export const BODY_LIMIT_BYTES = 32 * 1024;

/** Validates a body by its class and answers 422 with every field that is wrong and what would be right. */
export function bodyPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
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
