import { createHash } from 'node:crypto';
import { operationsOn } from './s3';
import type { Caller } from '../../custom-resource/handler/clients/caller';
import { OperationFailed } from '../../custom-resource/handler/errors';
import type { ExportSettings, Part } from '../contract/request';

/**
 * From how many bytes on a part is written: Amazon S3 takes none that is smaller, but for the last one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const PART = 5 * 1024 * 1024;

/** For the page with which a part is full. */
const SLACK = 256 * 1024;

const TYPE = 'application/x-ndjson';

/** An upload that is not there any more: it was completed by a call that had no answer, or given up. */
export class UploadGone extends Error {}

/**
 * Writes an object piece by piece, with no more than a part of it in memory. It appears with its end, and until then the one of that name stays what it is.
 */
export class ObjectWriter {
  private readonly operations: ReturnType<typeof operationsOn>;
  private readonly target: { readonly Key: string; readonly ExpectedBucketOwner?: string };
  private readonly parts: Part[];
  /** One for all parts: many small ones stay in memory for a while, and would let it grow with the records. */
  private buffer = Buffer.allocUnsafe(PART + SLACK);
  private size = 0;
  /** Whether another invocation knows of the upload, and may go on with it. */
  private readonly isContinued: boolean;
  private id?: string;

  /**
   * @param caller   calls Amazon S3, in the Region of the bucket
   * @param settings where the bucket is
   * @param key      the name of the object
   * @param begun    what has been written of it by another invocation
   */
  constructor(
    private readonly caller: Caller<string>, { bucket, bucketOwner }: ExportSettings, key: string,
    begun?: { readonly id: string; readonly parts: readonly Part[] },
  ) {
    this.operations = operationsOn(bucket);
    this.target = { Key: key, ExpectedBucketOwner: bucketOwner };
    this.id = begun?.id;
    this.isContinued = begun !== undefined;
    this.parts = [...begun?.parts ?? []];
  }

  /** What another invocation can go on with, if there is something. */
  public get begun(): { readonly id: string; readonly parts: readonly Part[] } | undefined {
    return this.id === undefined ? undefined : { id: this.id, parts: [...this.parts] };
  }

  public append(text: string): void {
    const needed = this.size + Buffer.byteLength(text);
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(needed + SLACK);
      this.buffer.copy(larger, 0, 0, this.size);
      this.buffer = larger;
    }
    this.size += this.buffer.write(text, this.size);
  }

  /** Writes what there is, if it is enough for a part. Tells whether it has, so that another invocation can go on from here. */
  public async write(): Promise<boolean> {
    if (this.size < PART) {
      return false;
    }
    const { createMultipartUpload, uploadPart } = this.operations;
    this.id ??= (await this.caller.call(createMultipartUpload, { ...this.target, ContentType: TYPE, ChecksumAlgorithm: 'SHA256' })).UploadId!;
    const { Body, ChecksumSHA256 } = this.take();
    const { ETag } = await this.known(this.caller.call(uploadPart, {
      ...this.target, UploadId: this.id, PartNumber: this.parts.length + 1, ChecksumSHA256, Body,
    }));
    this.parts.push({ etag: ETag!, sha256: ChecksumSHA256 });
    return true;
  }

  /** Writes the rest. The object is there then, even if it has nothing in it. */
  public async finish(): Promise<void> {
    const { putObject, uploadPart, completeMultipartUpload } = this.operations;
    if (this.id === undefined) {
      await this.caller.call(putObject, { ...this.target, ContentType: TYPE, ...this.take() });
      return;
    }
    if (this.size > 0) {
      const { Body, ChecksumSHA256 } = this.take();
      const { ETag } = await this.known(this.caller.call(uploadPart, {
        ...this.target, UploadId: this.id, PartNumber: this.parts.length + 1, ChecksumSHA256, Body,
      }));
      this.parts.push({ etag: ETag!, sha256: ChecksumSHA256 });
    }
    const { Code, Message } = await this.known(this.caller.call(completeMultipartUpload, {
      ...this.target, ContentType: 'application/xml', UploadId: this.id, Body: Buffer.from(listing(this.parts)),
    }));
    if (Code !== undefined) {
      throw new OperationFailed({
        service: 'Amazon S3', operation: completeMultipartUpload.name, resource: this.target.Key, code: Code, text: Message ?? '', uncertain: true, passing: true,
      });
    }
  }

  /** Gives up what no other invocation knows of: Amazon S3 would keep it, and have it paid, until somebody looks for it. */
  public async giveUp(): Promise<void> {
    if (this.id !== undefined && !this.isContinued) {
      await this.caller.call(this.operations.abortMultipartUpload, { ...this.target, UploadId: this.id });
    }
  }

  /** What has been appended. It stays until something else is, which is when it has been written. */
  private take(): { readonly Body: Buffer; readonly ChecksumSHA256: string } {
    const Body = this.buffer.subarray(0, this.size);
    this.size = 0;
    return { Body, ChecksumSHA256: createHash('sha256').update(Body).digest('base64') };
  }

  private async known<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw error instanceof OperationFailed && error.code === 'NoSuchUpload' ? new UploadGone(error.message) : error;
    }
  }
}

function listing(parts: readonly Part[]): string {
  const each = parts.map(({ etag, sha256 }, index) =>
    `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag.replaceAll('"', '&quot;')}</ETag><ChecksumSHA256>${sha256}</ChecksumSHA256></Part>`);
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${each.join('')}</CompleteMultipartUpload>`;
}
