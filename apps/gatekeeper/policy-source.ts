import { CodedError } from '#decider';
import { readSecret } from '#edge';
import { type BundleSource, bundleKey, type BundleKey, fileSource, folderSource, serverSource } from '#policy';

/** Where the policy bundle is: a folder on this machine, or a signed archive there or at an address. */
export interface PolicySettings {
  readonly GATEHOUSE_POLICY_DIR?: string;
  readonly GATEHOUSE_POLICY_BUNDLE?: string;
  readonly GATEHOUSE_POLICY_KEY_FILE?: string;
}

const TIMEOUT_MS = 10_000;

/** The source that the settings name; `ca` is PEM. @throws CodedError `configuration` naming what is wrong. */
export function policySource(settings: PolicySettings, ca: Buffer): BundleSource {
  const { GATEHOUSE_POLICY_DIR: folder, GATEHOUSE_POLICY_BUNDLE: bundle, GATEHOUSE_POLICY_KEY_FILE: keyFile } = settings;
  if (bundle === undefined && folder !== undefined && keyFile === undefined) return folderSource(folder);
  if (bundle === undefined || folder !== undefined || keyFile === undefined)
    throw new CodedError('configuration', 'GATEHOUSE_POLICY_BUNDLE: set it with GATEHOUSE_POLICY_KEY_FILE and without GATEHOUSE_POLICY_DIR, or GATEHOUSE_POLICY_DIR alone');
  const key = keyIn(keyFile);
  if (!/^[a-z][a-z0-9+.-]*:/iu.test(bundle)) return fileSource(bundle, key);
  const url = URL.canParse(bundle) ? new URL(bundle) : undefined;
  // plain http will do here: a bundle is public to whoever runs it, and its signature says whose it is
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new CodedError('configuration', 'GATEHOUSE_POLICY_BUNDLE: must be a path, or an http or https URL without user or password');
  return serverSource({ url: bundle, key, ca: ca.toString('utf8'), timeoutMs: TIMEOUT_MS });
}

function keyIn(path: string): BundleKey {
  const pem = readSecret('GATEHOUSE_POLICY_KEY_FILE', path);
  try {
    return bundleKey(pem);
  } catch (error) {
    throw new CodedError('configuration', `GATEHOUSE_POLICY_KEY_FILE: ${path}: ${error instanceof CodedError ? error.message : 'is no key'}`);
  }
}
