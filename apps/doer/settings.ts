import { Transform, Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsIn, IsInt, IsNotEmpty, IsNumber, Matches, Min, ValidateNested } from 'class-validator';
import { SnapshotSettings, SystemUrl } from '#edge';
import { PORTAL_KINDS } from '#portals';

const hostPort = [/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }] as const;
const seconds = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.split(',').map(Number) : value);

/** The doer's environment. It holds no Vault token. */
export class Settings extends SnapshotSettings {
  @Matches(...hostPort) GATEHOUSE_DOER_LISTEN!: string;
  @Matches(...hostPort) GATEHOUSE_DOER_HEALTH_LISTEN!: string;
  @SystemUrl('http', 'https') GATEHOUSE_VAULT_URL!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
  /** A folder outside the event store and its backups. */
  @IsNotEmpty() GATEHOUSE_KEPT_HEADS!: string;
  /** What its own entries are told by from those that somebody else put into the store: 32 bytes, base64url. */
  @IsNotEmpty() GATEHOUSE_ENTRY_KEY_FILE!: string;
  /** Seconds before each further try at a portal that fails; after the last one a person is needed. */
  @Transform(seconds)
  @IsArray()
  @IsNumber({}, { each: true, message: 'must be seconds with commas between, such as 0.5,1,2' })
  @Min(0.01, { each: true, message: 'must be seconds with commas between, such as 0.5,1,2' })
  GATEHOUSE_DOER_RETRY_SECONDS: number[] = [0.5, 1, 2, 5, 10, 20];
}

class HmacSettings {
  @IsNotEmpty() id!: string;
  @Matches(/^[A-Za-z0-9_-]{43,}$/, { message: 'must be at least 32 bytes as base64url' }) key!: string;
}

class Ed25519Settings {
  @IsNotEmpty() id!: string;
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'must be the 32 bytes of an Ed25519 public key as base64url' }) publicKey!: string;
}

class PortalSettings {
  @Matches(/^[a-z][a-z0-9-]{0,30}$/, { message: 'must be a portal id such as directory' }) id!: string;
  @IsIn(PORTAL_KINDS) kind!: (typeof PORTAL_KINDS)[number];
  @SystemUrl('http', 'https') url!: string;
  @IsNotEmpty() roleId!: string;
}

/** One tenant, as the doer serves it. */
export class TenantSettings {
  @Matches(/^[a-z][a-z0-9-]{1,30}$/, { message: 'must be a tenant id such as acme' }) id!: string;
  /** Common name of the client certificate that speaks for the tenant. */
  @IsNotEmpty() transportIdentity!: string;
  @ValidateNested() @Type(() => HmacSettings) hmac!: HmacSettings;
  @ValidateNested() @Type(() => Ed25519Settings) ed25519!: Ed25519Settings;
  @IsInt() @Min(1) windowSeconds!: number;
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => PortalSettings) portals!: PortalSettings[];
}
