import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { Refusal } from './refusal.js';

const METHODS = ['append', 'batchappend', 'delete', 'read', 'tombstone'];

/** What this server can do, in lower case as the client compares it. */
export function supportedMethods(): featuresPb.SupportedMethods {
  const supported = new featuresPb.SupportedMethods().setEventStoreServerVersion('gatehouse-embedded-1');
  for (const name of METHODS) {
    supported.addMethods(new featuresPb.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name));
  }
  return supported;
}

/** The cluster of one, at the address by which the caller reached it. Throws invalid-argument when that is none. */
export function clusterInfo(authority: string, now: Date): gossipPb.ClusterInfo {
  if (!URL.canParse(`https://${authority}`)) throw new Refusal('invalid-argument', 'the authority of the call is not an address');
  const { hostname, port } = new URL(`https://${authority}`);
  const endPoint = new gossipPb.EndPoint().setAddress(hostname).setPort(Number(port === '' ? '443' : port));
  const member = new gossipPb.MemberInfo()
    .setState(gossipPb.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setTimeStamp(`${now.getTime()}0000`)
    .setHttpEndPoint(endPoint);
  return new gossipPb.ClusterInfo().setMembersList([member]);
}
