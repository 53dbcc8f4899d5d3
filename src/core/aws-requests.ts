import { isLocalhost } from './loopback.ts';

export interface AwsRequestOptions {
  /** Proxy of the settings; default: HTTPS_PROXY, HTTP_PROXY. */
  readonly proxy?: string | undefined;
  readonly verifiesTls?: boolean;
  /** What is asked, when it is not a service's usual address: this machine itself is asked without a proxy. */
  readonly endpoint?: string | undefined;
}

/** Hundreds of instances wait for answers at the same time. */
const SOCKETS = 64;

/** Proxies, and what else takes a connection, may never answer: the SDK would wait for ever, and print so. */
const ANSWER_MS = 60_000;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** `requestHandler` of a client of the AWS SDK: proxies, which it passes over by itself, and limits of time. */
export function awsRequests(
  env: Readonly<Record<string, string | undefined>>,
  { proxy, verifiesTls = true, endpoint }: AwsRequestOptions = {},
) {
  const url = proxy || env['HTTPS_PROXY'] || env['https_proxy'] || env['HTTP_PROXY'] || env['http_proxy'];
  const isLocal = endpoint !== undefined && URL.canParse(endpoint) && isLocalhost(new URL(endpoint).hostname);
  const proxyEnv =
    !url || isLocal
      ? undefined
      : { HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: env['NO_PROXY'] ?? env['no_proxy'] };
  const agent = { keepAlive: true, maxSockets: SOCKETS, ...(proxyEnv && { proxyEnv }) };
  return {
    connectionTimeout: 10_000,
    requestTimeout: ANSWER_MS,
    throwOnRequestTimeout: true,
    socketTimeout: ANSWER_MS,
    logger: SILENT,
    httpAgent: agent,
    httpsAgent: { ...agent, rejectUnauthorized: verifiesTls },
  };
}

function ignore(): void {}
