import { Server, ServerCredentials } from '@grpc/grpc-js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsGrpc, { type IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { loopbackCertificate } from '../../eventstore/node/contract/certificate.js';

/** One event as a client sent it, and who it said it was. */
export interface Appended {
  readonly stream: string;
  readonly type: string;
  readonly data: string;
  readonly authorization: string;
}

type Handlers = Pick<IStreamsServer, 'append' | 'read'>;

/** Speaks as much of EventStoreDB's protocol as stream metadata needs, and says what it was sent: it stands for a store whose rules are not ours. */
export class RecordingStore {
  readonly appended: Appended[] = [];
  /** False: what was appended cannot be read. */
  keeps = true;

  private constructor(
    private readonly server: Server,
    readonly address: string,
    readonly cert: string,
  ) {}

  static async start(): Promise<RecordingStore> {
    const { cert, key } = await loopbackCertificate();
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }]), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    const store = new RecordingStore(server, `localhost:${port}`, cert);
    server.addService(streamsGrpc.StreamsService, { ...store.#handlers() });
    server.addService(featuresGrpc.ServerFeaturesService, { getSupportedMethods: (_call: unknown, answer: (error: null, methods: featuresPb.SupportedMethods) => void) => answer(null, new featuresPb.SupportedMethods()) });
    return store;
  }

  forget(): void {
    this.appended.length = 0;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  #handlers(): Handlers {
    return {
      append: (call, answer) => {
        let stream = '';
        call.on('data', (request: streamsPb.AppendReq) => {
          const message = request.getProposedMessage();
          if (!message) stream = nameIn(request.getOptions()?.getStreamIdentifier());
          else this.appended.push({ stream, type: message.getMetadataMap().get('type') ?? '', data: Buffer.from(message.getData_asU8()).toString('utf8'), authorization: call.metadata.get('authorization').join() });
        });
        call.on('end', () => answer(null, new streamsPb.AppendResp().setSuccess(new streamsPb.AppendResp.Success().setCurrentRevision('0').setNoPosition(new sharedPb.Empty()))));
      },
      read: (call) => {
        const stream = nameIn(call.request.getOptions()?.getStream()?.getStreamIdentifier());
        const found = this.keeps ? this.appended.findLast((one) => one.stream === stream) : undefined;
        call.write(found ? eventOf(found) : new streamsPb.ReadResp().setStreamNotFound(new streamsPb.ReadResp.StreamNotFound().setStreamIdentifier(call.request.getOptions()?.getStream()?.getStreamIdentifier())));
        call.end();
      },
    };
  }
}

function nameIn(identifier: sharedPb.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? '').toString('utf8');
}

function eventOf({ stream, type, data }: Appended): streamsPb.ReadResp {
  const id = new sharedPb.UUID();
  id.setString('00000000-0000-4000-8000-000000000000');
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(new sharedPb.StreamIdentifier().setStreamName(Buffer.from(stream)));
  recorded.setStreamRevision('0');
  recorded.setCommitPosition('1');
  recorded.setPreparePosition('1');
  recorded.getMetadataMap().set('type', type).set('content-type', 'application/json').set('created', '0');
  recorded.setData(Buffer.from(data));
  return new streamsPb.ReadResp().setEvent(new streamsPb.ReadResp.ReadEvent().setEvent(recorded).setNoPosition(new sharedPb.Empty()));
}
