export { fromBase64url, toBase64url } from './base64url.js';
export { decodeDelivery, type Delivery, encodeDelivery, maxDeliveryBytes } from './delivery.js';
export { encodePacket, maxPacketBytes, type Packet, packetDigest, type PacketStep, type Phase, type SignedPacket } from './packet.js';
export { isPacket } from './packet-shape.js';
export { ed25519Input, hmacInput, hmacTag } from './proof-inputs.js';
export { type PacketKeys, packetKeys, type PacketRejection, type Verdict, verifyPacket } from './verify-packet.js';
