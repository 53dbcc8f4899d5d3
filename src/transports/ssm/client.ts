import { setTimeout as sleep } from 'node:timers/promises';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { limiter } from '../../core/limiter.ts';
import { notRun, toSsmError } from './errors.ts';
import type { SsmHost } from './index.ts';
import type { SsmSettings } from './settings.ts';

/** What is needed of Systems Manager for one machine. */
export interface Agent extends Disposable {
  readonly instanceId: string;
  /** Runs shell text as root and gives its standard output. Throws when it cannot be run or fails. */
  run(script: string, signal?: AbortSignal): Promise<string>;
  /** The same for output of any length, through the bucket of the settings; undefined without one. */
  readonly runLong: ((script: string, signal?: AbortSignal) => Promise<string>) | undefined;
  /** How the agent was last seen, such as `Online`; undefined when it never was. */
  ping(): Promise<string | undefined>;
}

/** The agent works on a few commands at a time; more of them would wait there, out of sight. */
const COMMANDS_AT_ONCE = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
/** The invocation is known some time after the command (eventual consistency). */
const UNKNOWN_FOR_MS = 30_000;
/** Until an agent must have taken a command, seconds; the smallest that AWS allows. */
const DELIVERY_SECONDS = 30;

export interface AgentPlace {
  readonly instanceId: string;
  readonly region: string;
  readonly profile: string | undefined;
}

/** Asks AWS nothing yet. */
export async function openAgent({ env }: SsmHost, place: AgentPlace, settings: SsmSettings): Promise<Agent> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const profile = settings.profile ?? place.profile ?? env['AWS_PROFILE'];
  const common = {
    region: settings.region ?? place.region,
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
    retryMode: 'adaptive',
    maxAttempts: settings.retry_limit,
  };
  const url = settings.endpoint ?? env['AWS_ENDPOINT_URL_SSM'] ?? env['AWS_ENDPOINT_URL'];
  const ssm = new SSMClient({ ...common, ...(url && { endpoint: url }) });
  const { instanceId } = place;
  const inTurn = limiter(COMMANDS_AT_ONCE);
  const ask = async <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw toSsmError(error, operation, instanceId);
    }
  };

  async function invoke(script: string, signal: AbortSignal | undefined, more: object = {}) {
    signal?.throwIfAborted();
    const { Command } = await ask('SendCommand', () =>
      ssm.send(
        new SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: [instanceId],
          TimeoutSeconds: DELIVERY_SECONDS,
          Parameters: { commands: [script] },
          ...more,
        }),
      ),
    );
    const CommandId = Command?.CommandId ?? '';
    const started = Date.now();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, signal && { signal });
      const seen = await ask('GetCommandInvocation', () =>
        ssm
          .send(new GetCommandInvocationCommand({ CommandId, InstanceId: instanceId }))
          .catch((error: unknown) => {
            const isEarly = (error as Error).name === 'InvocationDoesNotExist';
            if (isEarly && Date.now() - started < UNKNOWN_FOR_MS) return undefined;
            throw error;
          }),
      );
      const status = seen?.Status ?? 'Pending';
      if (/^(?:Pending|InProgress|Delayed|Cancelling)$/.test(status)) continue;
      if (status === 'Success') return seen;
      throw notRun(instanceId, seen?.StatusDetails ?? status, seen?.StandardErrorContent ?? '');
    }
  }

  const bucket = settings.s3_bucket;
  const s3Url = settings.endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  const runLong = async (script: string, signal?: AbortSignal): Promise<string> => {
    const prefix = settings.s3_prefix.replace(/\/+$/, '');
    const seen = await invoke(script, signal, { OutputS3BucketName: bucket, OutputS3KeyPrefix: prefix });
    const { GetObjectCommand, S3Client: Client } = await import('@aws-sdk/client-s3');
    const s3: S3Client = new Client({
      ...common,
      ...(s3Url && { endpoint: s3Url, forcePathStyle: true }),
    });
    // The layout that the documentation of SendCommand gives, for a document with one plugin.
    const Key = `${prefix}/${seen?.CommandId}/${instanceId}/awsrunShellScript/0.awsrunShellScript/stdout`;
    const found = await ask(
      's3:GetObject',
      (): Promise<GetObjectCommandOutput> => s3.send(new GetObjectCommand({ Bucket: bucket, Key })),
    );
    const text = (await found.Body?.transformToString()) ?? '';
    s3.destroy();
    return text;
  };

  return {
    instanceId,
    run: (script, signal) => inTurn(async () => (await invoke(script, signal))?.StandardOutputContent ?? ''),
    runLong: bucket === undefined ? undefined : (script, signal) => inTurn(() => runLong(script, signal)),
    async ping() {
      const { InstanceInformationList = [] } = await ask('DescribeInstanceInformation', () =>
        ssm.send(
          new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] }),
        ),
      );
      return InstanceInformationList.find((one) => one.InstanceId === instanceId)?.PingStatus;
    },
    [Symbol.dispose]: () => ssm.destroy(),
  };
}
