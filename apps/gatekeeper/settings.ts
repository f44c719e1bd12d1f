import { Transform, Type } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsInt, IsISO8601, IsNotEmpty, IsObject, IsOptional, IsString, IsTimeZone, Matches, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { SnapshotSettings, SystemUrl } from '#edge';
import { HRIS_KINDS, type HrisKind } from '#evidence';
import type { PolicySettings } from './policy-source.js';
import { CHANNEL_KINDS, type ChannelKind } from './channel-signature.js';

const countFrom = ({ value }: { readonly value: unknown }): unknown => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value);
const COUNT = { message: 'must be a whole number of at least 1' };

/** The gatekeeper's environment. */
export class Settings extends SnapshotSettings implements PolicySettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_GATEKEEPER_LISTEN!: string;
  @SystemUrl('http', 'https') GATEHOUSE_VAULT_URL!: string;
  @IsNotEmpty() GATEHOUSE_VAULT_TOKEN_FILE!: string;
  @SystemUrl('http', 'https') GATEHOUSE_APPROVALS_URL!: string;
  @SystemUrl('http', 'https') GATEHOUSE_APPROVALS_PUBLIC_URL!: string;
  @IsNotEmpty() GATEHOUSE_LINK_KEY_FILE!: string;
  @IsNotEmpty() GATEHOUSE_SLACK_SIGNING_SECRET_FILE!: string;
  /** A bundle's folder; or, instead of it, a signed bundle's file or address, and the key that it is signed with. */
  @ValidateIf(({ GATEHOUSE_POLICY_BUNDLE: bundle }: Settings) => bundle === undefined) @IsNotEmpty() GATEHOUSE_POLICY_DIR?: string;
  @IsOptional() @IsNotEmpty() GATEHOUSE_POLICY_BUNDLE?: string;
  @ValidateIf(({ GATEHOUSE_POLICY_BUNDLE: bundle }: Settings) => bundle !== undefined) @IsNotEmpty() GATEHOUSE_POLICY_KEY_FILE?: string;
  /** No bundle released before this time is taken. */
  @IsOptional() @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, { message: 'must be a time such as 2026-11-23T10:00:00Z' }) GATEHOUSE_POLICY_NOT_BEFORE?: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
  /** A folder outside the event store and its backups. */
  @IsNotEmpty() GATEHOUSE_KEPT_HEADS!: string;
  /** What its own entries are told by from those that somebody else put into the store: 32 bytes, base64url. */
  @IsNotEmpty() GATEHOUSE_ENTRY_KEY_FILE!: string;
  /** How many requests one source may send at once, and how many a second from then on: more than people and ticket systems send, far less than a flood. */
  @Transform(countFrom) @IsInt(COUNT) @Min(1, COUNT) GATEHOUSE_INTAKE_BURST = 2_000;
  @Transform(countFrom) @IsInt(COUNT) @Min(1, COUNT) GATEHOUSE_INTAKE_PER_SECOND = 20;
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
  /** The protocol: BambooHR's, Workday's, or `GET /v1/employees`. */
  @IsIn(HRIS_KINDS) kind: HrisKind = 'employees';
  @SystemUrl('http', 'https') url!: string;
}

class PortalSettings {
  @Matches(/^[a-z][a-z0-9-]{0,30}$/, { message: 'must be a portal id such as directory' }) id!: string;
  @IsIn(['directory', 'scim']) kind!: 'directory' | 'scim';
  @SystemUrl('http', 'https') url!: string;
}

/** A ticket or HR system that may file requests. */
export class ChannelSettings {
  @Matches(/^[a-z][a-z0-9-]{0,30}$/, { message: 'must be a channel id such as tickets' }) id!: string;
  @IsIn(CHANNEL_KINDS) kind!: ChannelKind;
  /** In whose name an HRIS files; a ticket has its own reporter. */
  @ValidateIf(({ kind, requester }: ChannelSettings) => kind === 'bamboohr' || requester !== undefined)
  @Matches(/^p-[A-Za-z0-9-]{1,64}$/, { message: 'must be a person id such as p-10042' })
  requester?: string;
}

/** A report that an HRIS keeps and the gatekeeper asks for. */
export class FeedSettings {
  @Matches(/^[a-z][a-z0-9-]{0,30}$/, { message: 'must be a feed id such as workday' }) id!: string;
  @IsIn(['workday']) kind!: 'workday';
  /** The report's own URL for JSON. */
  @SystemUrl('http', 'https') url!: string;
  @Matches(/^p-[A-Za-z0-9-]{1,64}$/, { message: 'must be a person id such as p-10042' }) requester!: string;
  /** Whose last day was before this day left before the feed was there. */
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a day such as 2026-11-23' }) @IsISO8601({ strict: true }) since!: string;
  @IsInt() @Min(1) @Max(86_400) everySeconds!: number;
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
  /** Ticket and HR systems that may file requests; their secrets are in Vault. */
  @IsArray() @ArrayUnique(({ id }: ChannelSettings) => id) @ValidateNested({ each: true }) @Type(() => ChannelSettings) channels: ChannelSettings[] = [];
  /** Reports of terminations that are asked for in turn; the credentials are in Vault. */
  @IsArray() @ArrayUnique(({ id }: FeedSettings) => id) @ValidateNested({ each: true }) @Type(() => FeedSettings) feeds: FeedSettings[] = [];
  @ValidateNested() @Type(() => DoerSettings) doer!: DoerSettings;
  @IsNotEmpty() ed25519KeyId!: string;
  @IsObject() policyData!: Record<string, never>;
  /** Weights and thresholds of the risk score; docs/policy.md says how they are written. */
  @IsOptional() @IsObject() risk?: Record<string, never>;
  /** Markers beside the built-in ones; docs/intake.md says how they are written. */
  @IsOptional() @IsArray() markers?: unknown[];
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => ApproverSettings) approvers!: ApproverSettings[];
}
