/** Where each part listens on loopback: a fixed offset from one base port. */
export interface Addresses {
  readonly hris: string;
  readonly directory: string;
  readonly scim: string;
  readonly slack: string;
  readonly vault: string;
  readonly relay: string;
  readonly phones: string;
  readonly control: string;
  readonly store: string;
  readonly gatekeeper: string;
  readonly approvals: string;
  readonly approvalsInternal: string;
  readonly doer: string;
  readonly doerHealth: string;
  readonly notary: string;
  readonly admin: string;
}

/** `host:port` of every part for a base port. */
export function addressesAt(base: number): Addresses {
  const at = (offset: number): string => `127.0.0.1:${String(base + offset)}`;
  return {
    hris: at(0),
    directory: at(1),
    scim: at(2),
    slack: at(3),
    vault: at(4),
    relay: at(5),
    phones: at(6),
    control: at(7),
    store: at(10),
    gatekeeper: at(11),
    approvals: at(12),
    approvalsInternal: at(13),
    doer: at(14),
    doerHealth: at(15),
    notary: at(16),
    admin: at(17),
  };
}

/** The same address as a browser names it; passkeys are bound to the host name `localhost`. */
export function httpsUrl(address: string): string {
  return `https://${address.replace('127.0.0.1', 'localhost')}`;
}

export function httpUrl(address: string): string {
  return `http://${address}`;
}
