import { readFileSync } from 'node:fs';
import { IsNotEmpty, IsOptional, Matches } from 'class-validator';
import { codeOf, CodedError } from '#decider';
import { readItems, readSecret, StoreSettings, SystemUrl } from '#edge';
import { parseWitnessKey } from '#ledger';
import type { OutsideOptions } from './outside.js';

/** The notary's environment. */
export class Settings extends StoreSettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_NOTARY_LISTEN!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
  /** Names the logs for ever: the first part of each checkpoint's origin. */
  @Matches(/^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?(:\d{1,5})?$/, { message: 'must be a host name such as audit.example.com' }) GATEHOUSE_NOTARY_HOST!: string;
  /** The key: an Ed25519 seed in a file, or a key of Vault's transit engine. One of the two. */
  @IsOptional() @IsNotEmpty() GATEHOUSE_NOTARY_KEY_FILE?: string;
  @IsOptional() @Matches(/^[a-z][a-z0-9-]{0,62}\/[1-9]\d{0,5}$/, { message: 'must be the name of a transit key and its version, such as checkpoints/1' }) GATEHOUSE_NOTARY_VAULT_KEY?: string;
  @IsOptional() @SystemUrl('http', 'https') GATEHOUSE_VAULT_URL?: string;
  @IsOptional() @IsNotEmpty() GATEHOUSE_VAULT_TOKEN_FILE?: string;
  /** A folder outside the event store and its backups. */
  @IsNotEmpty() GATEHOUSE_NOTARY_CHECKPOINTS!: string;
  /** Files that say who else takes the checkpoints. */
  @IsOptional() @IsNotEmpty() GATEHOUSE_NOTARY_WITNESSES?: string;
  @IsOptional() @IsNotEmpty() GATEHOUSE_NOTARY_BUCKETS?: string;
}

class WitnessSettings {
  /** The submission prefix: `add-checkpoint` stands below it. */
  @SystemUrl('http', 'https') url!: string;
  /** The line that verifies its cosignatures. */
  @IsNotEmpty() key!: string;
  /** A file with the authority of its certificate; the system's where absent. */
  @IsOptional() @IsNotEmpty() ca?: string;
}

class BucketSettings {
  /** The bucket, with a prefix where wanted: `https://bucket.s3.example.com/gatehouse`, or its name in the path. */
  @SystemUrl('http', 'https') @Matches(/^[^?#]*$/, { message: 'must have no query and no fragment' }) url!: string;
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'must be a region such as eu-central-1' }) region!: string;
  @Matches(/^[\w+=.@-]{1,128}$/, { message: "must be an access key's id" }) keyId!: string;
  @IsNotEmpty() secretFile!: string;
  @IsOptional() @IsNotEmpty() ca?: string;
}

/** Who else takes the checkpoints. @throws CodedError `configuration`. */
export function outsideOf({ GATEHOUSE_NOTARY_WITNESSES: witnesses, GATEHOUSE_NOTARY_BUCKETS: buckets }: Settings): OutsideOptions {
  const found = witnesses === undefined ? [] : readItems(WitnessSettings, 'GATEHOUSE_NOTARY_WITNESSES', witnesses);
  const stores = buckets === undefined ? [] : readItems(BucketSettings, 'GATEHOUSE_NOTARY_BUCKETS', buckets);
  return {
    witnesses: found.map(({ url: at, key, ca }) => ({ url: at, key: witnessKeyIn(key), ...authority('GATEHOUSE_NOTARY_WITNESSES', ca) })),
    buckets: stores.map(({ url: at, region, keyId, secretFile, ca }) => ({ url: at, region, key: { id: keyId, secret: readSecret('GATEHOUSE_NOTARY_BUCKETS', secretFile) }, ...authority('GATEHOUSE_NOTARY_BUCKETS', ca) })),
  };
}

function witnessKeyIn(line: string) {
  try {
    return parseWitnessKey(line);
  } catch (cause) {
    throw new CodedError('configuration', `GATEHOUSE_NOTARY_WITNESSES: key must be the line of a cosignature key, name+keyid+base64 (${codeOf(cause) ?? 'unreadable'})`, { cause });
  }
}

function authority(variable: string, file: string | undefined): { readonly ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${file} cannot be read`, { cause });
  }
}

