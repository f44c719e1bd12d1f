import { IsNotEmpty, Matches } from 'class-validator';

/** The notary's environment. */
export class Settings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_NOTARY_LISTEN!: string;
  @IsNotEmpty() GATEHOUSE_TLS_CA!: string;
  @IsNotEmpty() GATEHOUSE_TLS_CERT!: string;
  @IsNotEmpty() GATEHOUSE_TLS_KEY!: string;
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_STORE_ADDRESS!: string;
  @IsNotEmpty() GATEHOUSE_STORE_USER!: string;
  @IsNotEmpty() GATEHOUSE_STORE_PASSWORD_FILE!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
}
