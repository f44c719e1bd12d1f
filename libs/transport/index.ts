export { type HttpReceiverOptions, listenHttp } from './http-receiver.js';
export { httpSender } from './http-sender.js';
export type { DeliveryHandler, PacketSender, TlsIdentity } from './packet-sender.js';
