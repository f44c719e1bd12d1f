import { Type } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, IsTimeZone, Matches, Min, ValidateIf, ValidateNested } from 'class-validator';
import { SnapshotSettings, SystemUrl } from '#edge';
import { CHANNEL_KINDS, type ChannelKind } from './channel-signature.js';

/** The gatekeeper's environment. */
export class Settings extends SnapshotSettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_GATEKEEPER_LISTEN!: string;
  @SystemUrl('http', 'https') GATEHOUSE_VAULT_URL!: string;
  @IsNotEmpty() GATEHOUSE_VAULT_TOKEN_FILE!: string;
  @SystemUrl('http', 'https') GATEHOUSE_APPROVALS_URL!: string;
  @SystemUrl('http', 'https') GATEHOUSE_APPROVALS_PUBLIC_URL!: string;
  @IsNotEmpty() GATEHOUSE_LINK_KEY_FILE!: string;
  @IsNotEmpty() GATEHOUSE_SLACK_SIGNING_SECRET_FILE!: string;
  @IsNotEmpty() GATEHOUSE_POLICY_DIR!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
  /** A folder outside the event store and its backups. */
  @IsNotEmpty() GATEHOUSE_KEPT_HEADS!: string;
  /** What its own entries are told by from those that somebody else put into the store: 32 bytes, base64url. */
  @IsNotEmpty() GATEHOUSE_ENTRY_KEY_FILE!: string;
  /** An OpenAI-compatible endpoint that is asked about messages, up to and without `/chat/completions`; without it no model has a part in anything. */
  @IsOptional() @SystemUrl('http', 'https') GATEHOUSE_MODEL_URL?: string;
  @ValidateIf(({ GATEHOUSE_MODEL_URL: url }: Settings) => url !== undefined) @Matches(/^[\w./:@-]{1,100}$/, { message: 'must be the name of a model, of letters, digits and . / : @ - _' }) GATEHOUSE_MODEL_NAME?: string;
  @IsOptional() @IsNotEmpty() GATEHOUSE_MODEL_KEY_FILE?: string;
}

class TokenSettings {
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be the SHA-256 of the token in hex' }) sha256!: string;
  @Matches(/^p-[A-Za-z0-9-]{1,64}$/, { message: 'must be a person id such as p-10042' }) requester!: string;
}

class HrisSettings {
  @SystemUrl('http', 'https') url!: string;
}

class PortalSettings {
  @Matches(/^[a-z][a-z0-9-]{0,30}$/, { message: 'must be a portal id such as directory' }) id!: string;
  @IsIn(['directory', 'scim']) kind!: 'directory' | 'scim';
  @SystemUrl('http', 'https') url!: string;
}

class ChannelSettings {
  @Matches(/^[a-z][a-z0-9-]{0,30}$/, { message: 'must be a channel id such as tickets' }) id!: string;
  @IsIn(CHANNEL_KINDS) kind!: ChannelKind;
}

class DoerSettings {
  @SystemUrl('http', 'https') url!: string;
  @IsNotEmpty() cert!: string;
  @IsNotEmpty() key!: string;
}

class PasskeySettings {
  @IsNotEmpty() credentialId!: string;
  @IsNotEmpty() publicKey!: string;
  @IsInt() @Min(0) counter!: number;
}

class SlackSettings {
  @IsNotEmpty() team!: string;
  @IsNotEmpty() user!: string;
}

class ApproverSettings {
  @Matches(/^p-[A-Za-z0-9-]{1,64}$/, { message: 'must be a person id such as p-10042' }) person!: string;
  @ValidateNested() @Type(() => SlackSettings) slack!: SlackSettings;
  @ValidateNested() @Type(() => PasskeySettings) passkey!: PasskeySettings;
  @IsArray() @IsString({ each: true }) roles!: string[];
}

/** One tenant, as the gatekeeper serves it. */
export class TenantSettings {
  @Matches(/^[a-z][a-z0-9-]{1,30}$/, { message: 'must be a tenant id such as acme' }) id!: string;
  @IsTimeZone() zone!: string;
  @IsInt() @Min(1) windowSeconds!: number;
  @IsInt() @Min(1) approvalSeconds!: number;
  @IsInt() @Min(1) acceptSeconds!: number;
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => TokenSettings) tokens!: TokenSettings[];
  @ValidateNested() @Type(() => HrisSettings) hris!: HrisSettings;
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => PortalSettings) portals!: PortalSettings[];
  /** Ticket systems that may file requests; their secrets are in Vault. */
  @IsArray() @ArrayUnique(({ id }: ChannelSettings) => id) @ValidateNested({ each: true }) @Type(() => ChannelSettings) channels: ChannelSettings[] = [];
  @ValidateNested() @Type(() => DoerSettings) doer!: DoerSettings;
  @IsNotEmpty() ed25519KeyId!: string;
  @IsObject() policyData!: Record<string, never>;
  /** Markers beside the built-in ones; docs/intake.md says how they are written. */
  @IsOptional() @IsArray() markers?: unknown[];
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => ApproverSettings) approvers!: ApproverSettings[];
}
