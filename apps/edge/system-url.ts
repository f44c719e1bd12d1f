import { isURL, ValidateBy, type ValidationOptions } from 'class-validator';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * A setting that is the URL of another system. What travels there is secret or personal, so plain http goes no further than this machine.
 * Credentials have files of their own: in a URL they would reach logs and errors.
 */
export function SystemUrl(...protocols: readonly ('http' | 'https')[]): PropertyDecorator {
  const options = { require_tld: false, require_protocol: true, protocols: [...protocols], disallow_auth: true };
  const validate = (value: unknown): boolean => typeof value === 'string' && isURL(value, options) && URL.canParse(value) && (!/^http:/i.test(value) || LOOPBACK.test(new URL(value).hostname));
  const wanted = [...(protocols.includes('https') ? ['an https URL'] : []), ...(protocols.includes('http') ? ['an http URL of this machine'] : [])].join(' or ');
  const said: ValidationOptions = { message: `must be ${wanted} without user or password` };
  return ValidateBy({ name: 'systemUrl', validator: { validate } }, said);
}
