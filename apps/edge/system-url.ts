import { IsUrl } from 'class-validator';

/** A setting that is the URL of another system. Credentials have files of their own: in a URL they would reach logs and errors. */
export function SystemUrl(...protocols: readonly ('http' | 'https')[]): PropertyDecorator {
  const options = { require_tld: false, require_protocol: true, protocols: [...protocols], disallow_auth: true };
  return IsUrl(options, { message: `must be an ${protocols.join(' or ')} URL without user or password` });
}
