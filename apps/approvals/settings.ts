import { IsNotEmpty, Matches } from 'class-validator';
import { IdentitySettings, SystemUrl } from '#edge';

const HOST_PORT = [/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }] as const;

/** The approvals app's environment. */
export class Settings extends IdentitySettings {
  @Matches(...HOST_PORT) GATEHOUSE_APPROVALS_LISTEN!: string;
  @Matches(...HOST_PORT) GATEHOUSE_APPROVALS_INTERNAL_LISTEN!: string;
  @Matches(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/, { message: 'must be an https origin such as https://localhost:7443' })
  GATEHOUSE_APPROVALS_PUBLIC_URL!: string;
  @SystemUrl('https') GATEHOUSE_GATEKEEPER_URL!: string;
  @SystemUrl('http', 'https') GATEHOUSE_SLACK_API_URL!: string;
  @IsNotEmpty() GATEHOUSE_SLACK_TOKEN_FILE!: string;
  @IsNotEmpty() GATEHOUSE_SLACK_SIGNING_SECRET_FILE!: string;
  @Matches(/^T[A-Z0-9]{2,30}$/, { message: "must be a Slack workspace's id such as T0ACME" }) GATEHOUSE_SLACK_TEAM!: string;
}
