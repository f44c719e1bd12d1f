export { type VaultAddress, type VaultCode, VaultError } from './client.js';
export { type Answer, type Call, exchange } from './exchange.js';
export { type KeyValue } from './kv.js';
export { type GrantCode, type Lease, type Redemption, redeemGrant } from './lease.js';
export { channelPath, feedKeyPath, journalKeyPath, ledgerKeyPath, packetHmacPath, packetKeyName, portalPath, readerPath, roleName } from './names.js';
export { seal, type Sealed, unseal } from './seal.js';
export { journalStateContext, ledgerFieldContext } from './sealed-context.js';
export { openVault, type Vault } from './vault.js';
