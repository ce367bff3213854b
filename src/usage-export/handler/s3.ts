import type { LicenseManagerClientConfig } from '@aws-sdk/client-license-manager';
import { partition } from '@aws-sdk/core/client';
import { AwsRestXmlProtocol } from '@aws-sdk/core/protocols';
import { BLOB, body, bySchema, inHeader, inQuery, label, NUMBER, STRING } from '../../custom-resource/handler/clients/schema';
import { NAMESPACE, type Service } from '../../custom-resource/handler/clients/service';

/*
 * Amazon S3, as far as an object is written: by the bundled client, as its own one would make the function larger by half.
 */

/** A bucket as a service, as its name is in that of the host. */
function bucketService(bucket: string): Service {
  return {
    name: 'Amazon S3',
    retries: { SlowDown: 'THROTTLING', InternalError: 'TRANSIENT', ServiceUnavailable: 'TRANSIENT', RequestTimeout: 'TRANSIENT', OperationAborted: 'TRANSIENT' },
    configuration: (region) => {
      const configuration: LicenseManagerClientConfig & { signingName: string; signingEscapePath: boolean } = {
        region,
        serviceId: 's3',
        protocol: AwsRestXmlProtocol,
        protocolSettings: { defaultNamespace: NAMESPACE },
        signingName: 's3',
        // Other than all other services, Amazon S3 takes the path as it is.
        signingEscapePath: false,
        endpointProvider: ({ Endpoint }) => ({ url: endpointOf(bucket, region, Endpoint) }),
      };
      return configuration;
    },
  };
}

/**
 * Where a bucket is. The certificate is for one name before that of the service, so that a name with dots goes into the path.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function endpointOf(bucket: string, region: string, given?: string | { readonly href?: string }): URL {
  const host = `s3.${region}.${partition(region).dnsSuffix}`;
  return given !== undefined ? new URL(`/${bucket}`, given as string)
    : bucket.includes('.') ? new URL(`https://${host}/${bucket}`) : new URL(`https://${bucket}.${host}`);
}

const TARGET = {
  Key: label(STRING),
  // An account that has got a bucket of that name, after it was deleted, gets nothing.
  ExpectedBucketOwner: inHeader('x-amz-expected-bucket-owner', STRING),
};
const CHECKSUM = inHeader('x-amz-checksum-sha256', STRING);
const TYPE = inHeader('Content-Type', STRING);
const about = ({ Key }: { readonly Key?: string }) => Key!;

/**
 * The operations on the objects of a bucket.
 */
export function operationsOn(bucket: string) {
  const service = bucketService(bucket);
  return {
    /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
    putObject: bySchema(service, 's3:PutObject', {
      http: 'PUT /{Key+}', input: { ...TARGET, ContentType: TYPE, ChecksumSHA256: CHECKSUM, Body: body(BLOB) }, output: {}, about,
    }),
    /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
    createMultipartUpload: bySchema(service, 's3:PutObject', {
      name: 'CreateMultipartUpload',
      http: 'POST /{Key+}?uploads',
      input: { ...TARGET, ContentType: TYPE, ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', STRING) },
      output: { UploadId: STRING },
      about,
    }),
    /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
    uploadPart: bySchema(service, 's3:PutObject', {
      name: 'UploadPart',
      http: 'PUT /{Key+}',
      input: { ...TARGET, UploadId: inQuery('uploadId', STRING), PartNumber: inQuery('partNumber', NUMBER), ChecksumSHA256: CHECKSUM, Body: body(BLOB) },
      output: { ETag: inHeader('ETag', STRING) },
      about,
    }),
    /**
     * It may answer with status 200, and an error in the body: the members of that are here, too.
     *
     * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
     */
    completeMultipartUpload: bySchema(service, 's3:PutObject', {
      name: 'CompleteMultipartUpload',
      http: 'POST /{Key+}',
      input: { ...TARGET, ContentType: TYPE, UploadId: inQuery('uploadId', STRING), Body: body(BLOB) },
      output: { Code: STRING, Message: STRING },
      about,
    }),
    /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
    abortMultipartUpload: bySchema(service, 's3:AbortMultipartUpload', {
      name: 'AbortMultipartUpload', http: 'DELETE /{Key+}', input: { ...TARGET, UploadId: inQuery('uploadId', STRING) }, output: {}, about,
    }),
  };
}
