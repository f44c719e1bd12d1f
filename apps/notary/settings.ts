import { IsNotEmpty, Matches } from 'class-validator';
import { StoreSettings } from '#edge';

/** The notary's environment. */
export class Settings extends StoreSettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_NOTARY_LISTEN!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
}
