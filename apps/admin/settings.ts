import { IsNotEmpty, Matches } from 'class-validator';
import { StoreSettings, SystemUrl } from '#edge';

/** The admin app's environment. */
export class Settings extends StoreSettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_ADMIN_LISTEN!: string;
  @IsNotEmpty() GATEHOUSE_VIEWS_FILE!: string;
  @SystemUrl('http', 'https') GATEHOUSE_VAULT_URL!: string;
  @IsNotEmpty() GATEHOUSE_VAULT_TOKEN_FILE!: string;
  @IsNotEmpty() GATEHOUSE_POLICY_DIR!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
}
