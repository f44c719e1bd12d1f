export { type PacketSigner, packetSigner } from './packet-signer.js';
