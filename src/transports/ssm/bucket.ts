import { randomBytes } from 'node:crypto';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';

/** A place in S3 for what is too long for commands. Nothing stays there. */
export interface Bucket extends Disposable {
  readonly name: string;
  /** Begins the keys of all that is put there. */
  readonly prefix: string;
  /** Reads an object as text and removes it, and `others` with it. */
  takeText(key: string, others: readonly string[]): Promise<string>;
  /** Puts bytes there while `use` runs, which gets an address that needs no credentials. */
  lend<T>(content: Uint8Array, use: (url: string) => Promise<T>): Promise<T>;
}

export interface BucketOptions {
  readonly name: string;
  readonly prefix: string;
  readonly client: S3ClientConfig;
  /** Explains what AWS refuses; `operation` with its service, `s3:GetObject`. */
  readonly ask: <T>(operation: string, send: () => Promise<T>) => Promise<T>;
  readonly onNotice: (text: string) => void;
}

/** For so long the address of a lent object is good, seconds: what has not come by then does not come. */
const LENT_SECONDS = 900;

/** Asks AWS nothing yet. */
export async function openBucket({ name, prefix, client, ask, onNotice }: BucketOptions): Promise<Bucket> {
  const sdk = await import('@aws-sdk/client-s3');
  const s3 = new sdk.S3Client(client);
  let isTold = false;
  const remove = async (keys: readonly string[]): Promise<void> => {
    // No list of keys in one request: that one needs a checksum which not every service takes.
    const gone = keys.map((Key) => s3.send(new sdk.DeleteObjectCommand({ Bucket: name, Key })));
    const failed = (await Promise.allSettled(gone)).find((one) => one.status === 'rejected');
    if (!failed || isTold) return;
    isTold = true;
    const why = (failed.reason as Error).message;
    onNotice(`what went through s3://${name}/${prefix} stays there: ${why} (allow s3:DeleteObject)`);
  };
  return {
    name,
    prefix,
    async takeText(Key, others) {
      const found = await ask('s3:GetObject', () => s3.send(new sdk.GetObjectCommand({ Bucket: name, Key })));
      const text = (await found.Body?.transformToString()) ?? '';
      await remove([Key, ...others]);
      return text;
    },
    async lend(content, use) {
      const Key = `${prefix}/${randomBytes(12).toString('hex')}`;
      const put = new sdk.PutObjectCommand({ Bucket: name, Key, Body: content });
      await ask('s3:PutObject', () => s3.send(put));
      try {
        return await use(await addressOf(s3, new sdk.GetObjectCommand({ Bucket: name, Key })));
      } finally {
        await remove([Key]);
      }
    },
    [Symbol.dispose]: () => s3.destroy(),
  };
}

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

interface Signer {
  presign(request: Request, options: object): Promise<Request>;
}

/** The request as it would be sent, signed in its query (Signature Version 4, presigned URL) and not sent. */
async function addressOf(
  s3: S3Client,
  command: InstanceType<typeof import('@aws-sdk/client-s3').GetObjectCommand>,
): Promise<string> {
  let address = '';
  command.middlewareStack.add(
    () => async (args) => {
      const request = args.request as Request;
      // The type tells less than the SDK's own signer can.
      const signer = (await s3.config.signer()) as unknown as Signer;
      const options = {
        expiresIn: LENT_SECONDS,
        signingService: 's3',
        signingRegion: await s3.config.region(),
      };
      // Other headers would have to be sent by whoever fetches it.
      const bare = { ...request, headers: { host: request.headers['host'] ?? request.hostname } };
      const { protocol, hostname, port, path, query = {} } = await signer.presign(bare, options);
      const words = Object.entries(query).map(
        ([key, value]) => `${key}=${encodeURIComponent(String(value))}`,
      );
      address = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}?${words.join('&')}`;
      return { response: {}, output: { $metadata: {} } };
    },
    { step: 'build', priority: 'low', name: 'galleyAddress' },
  );
  await s3.send(command);
  return address;
}
