import { expect, it } from '@jest/globals';
import { awsSigned } from './aws-signature.js';

/** The example key and requests of the Amazon S3 API Reference, "Examples: Signature Calculations in AWS Signature Version 4". */
const KEY = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const NOW = new Date('2013-05-24T00:00:00.000Z');
const HOST = 'https://examplebucket.s3.amazonaws.com';

it.each([
  ['PUT', '/test%24file.text', { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }, 'Welcome to Amazon S3.', '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'],
  ['GET', '/test.txt', { range: 'bytes=0-9' }, '', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  ['GET', '/?lifecycle', {}, '', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['GET', '/?max-keys=2&prefix=J', {}, '', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
] as const)('signs as the documentation of S3 does: %s %s', (method, path, headers, body, signature) => {
  const signed = awsSigned({ method, url: new URL(HOST + path), headers, body }, KEY, 'us-east-1', NOW);
  expect(signed.authorization).toMatch(new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=[a-z0-9;-]+,Signature=${signature}$`));
});
