/** The port that packets leave by: HTTP now, Kafka behind the same shape. */
export interface PacketSender {
  /**
   * Hands a delivery to the doer; resolves when the doer's verdict is in its journal, whatever the verdict.
   * @throws CodedError `transport_unreachable` (send it again later) or `transport_refused` (the delivery is larger than the doer takes).
   */
  send(tenant: string, caseId: string, delivery: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** PEM of the trusted authority, and of the own certificate and key. */
export interface TlsIdentity {
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** Takes one delivery of a tenant that the transport itself has identified; `unavailable` means: no journal, come again. */
export type DeliveryHandler = (tenant: string, source: string, body: Uint8Array) => Promise<'journaled' | 'unavailable'>;
