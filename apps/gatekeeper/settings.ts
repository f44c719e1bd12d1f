import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsIn, IsInt, IsNotEmpty, IsObject, IsString, IsTimeZone, Matches, Min, ValidateNested } from 'class-validator';
import { StoreSettings, SystemUrl } from '#edge';

/** The gatekeeper's environment. */
export class Settings extends StoreSettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_GATEKEEPER_LISTEN!: string;
  @SystemUrl('http', 'https') GATEHOUSE_VAULT_URL!: string;
  @IsNotEmpty() GATEHOUSE_VAULT_TOKEN_FILE!: string;
  @SystemUrl('http', 'https') GATEHOUSE_APPROVALS_URL!: string;
  @SystemUrl('http', 'https') GATEHOUSE_APPROVALS_PUBLIC_URL!: string;
  @IsNotEmpty() GATEHOUSE_LINK_KEY_FILE!: string;
  @IsNotEmpty() GATEHOUSE_SLACK_SIGNING_SECRET_FILE!: string;
  @IsNotEmpty() GATEHOUSE_POLICY_DIR!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
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
  @ValidateNested() @Type(() => DoerSettings) doer!: DoerSettings;
  @IsNotEmpty() ed25519KeyId!: string;
  @IsObject() policyData!: Record<string, never>;
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => ApproverSettings) approvers!: ApproverSettings[];
}
