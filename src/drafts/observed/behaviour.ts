import { isLoopback } from '../../core/loopback.ts';
import type { Draft } from '../draft.ts';
import { inPattern } from '../values.ts';
import { type Answer, type Observed, type OpenPort, openPorts, ownersOf, usersOf } from './observed.ts';
import { filesOf } from './resources.ts';

/** What the ports answer. */
export function answers({ answers: all }: Observed): readonly Draft[] {
  return all.map(answerDraft);
}

function answerDraft(answer: Answer): Draft {
  const { port, scheme, path, status } = answer;
  const target =
    scheme === 'https'
      ? { http: `https://localhost:${port}${path}`, insecure: true }
      : port === 80
        ? { http: path }
        : { http: path, port };
  const item = { ...target, from: 'instance', status, ...typeOf(answer), ...bodyOf(answer) };
  if (status < 500) return { comments: commentsOf(answer), item };
  return {
    comments: [`it answered ${status}, which nobody can have meant: look at it first`],
    item,
    isOptional: true,
  };
}

function commentsOf({ status, path, scheme }: Answer): readonly string[] {
  const own =
    scheme === 'https'
      ? ['any certificate will do here: `tls: {verified: true}` without `insecure` where it has a real one']
      : [];
  if (status === 404 && path === '/') return ['nothing is at /: name a path that your users need', ...own];
  if (status >= 300 && status < 400)
    return ['a redirect: followRedirects: true looks at where it leads', ...own];
  return own;
}

function typeOf({ headers }: Answer): Record<string, unknown> {
  const type = headers['content-type']?.[0]?.split(';')[0]?.trim();
  return type === undefined || type === '' ? {} : { headers: { 'content-type': { startsWith: type } } };
}

/** The title of a page, or the word under `status` of a health page: what stays when the rest changes. */
function bodyOf({ body, headers, status }: Answer): Record<string, unknown> {
  if (status >= 300) return {};
  const title = /<title[^>]*>([^<>{}]{1,100})<\/title>/i.exec(body)?.[1]?.trim();
  if (title !== undefined && title !== '' && !/\d{3,}/.test(title))
    return { body: { matches: `/<title[^>]*>\\s*${inPattern(title)}/i` } };
  if (!/json/.test(headers['content-type']?.[0] ?? '')) return {};
  try {
    const { status: word } = JSON.parse(body) as { readonly status?: unknown };
    return typeof word === 'string' && /^[a-zA-Z]{2,12}$/.test(word) ? { json: { status: word } } : {};
  } catch {
    return {};
  }
}

/** Who listens where. */
export function ports(observed: Observed): readonly Draft[] {
  const { first, groups } = observed;
  const open = openPorts(first, groups).map(portDraft);
  const sockets = first.sockets
    .filter(
      ({ protocol, state, localAddress }) =>
        protocol === 'unix' && state === 'listen' && /^\/[^\0\n]+$/.test(localAddress),
    )
    .flatMap((socket): readonly Draft[] => {
      const [owner, ...others] = ownersOf([socket], groups);
      if (owner === undefined) return [];
      return [
        {
          comments: [],
          item: {
            port: socket.localAddress,
            owner: { name: others.length > 0 ? [owner, ...others] : owner },
          },
        },
      ];
    });
  const paths = new Set<unknown>();
  return [...open, ...sockets.filter(({ item }) => !paths.has(item['port']) && paths.add(item['port']))];
}

function portDraft({ port, protocol, addresses, owners }: OpenPort): Draft {
  const isInside = addresses.every(isLoopback);
  return {
    comments: isInside
      ? ['only for the machine itself: whoever opens it up to the network should notice']
      : [],
    item: {
      port,
      ...(protocol === 'udp' && { protocol }),
      ...(isInside && { address: { only: addresses } }),
      ...(owners.length > 0 && { owner: { name: owners.length === 1 ? owners[0] : owners } }),
    },
  };
}

/** Connections that processes hold to other machines, or to a server on this one. */
export function connections({ second, groups, companions }: Observed): readonly Draft[] {
  const listening = new Set(
    second.sockets.filter(({ state }) => state === 'listen').map(({ localPort }) => localPort),
  );
  const found = new Map<string, Draft>();
  for (const socket of second.sockets) {
    if (socket.protocol !== 'tcp' || socket.state !== 'established' || listening.has(socket.localPort))
      continue;
    for (const name of ownersOf([socket], groups)) {
      const host =
        companionAt(socket.remoteAddress, companions, second.addresses ?? {}) ?? socket.remoteAddress;
      const to = host.includes(':') ? `[${host}]:${socket.remotePort}` : `${host}:${socket.remotePort}`;
      const isShared = (socket.pids ?? []).length > 1;
      const key = `${name}\0${to}`;
      if (found.get(key)?.isOptional === true) continue;
      const item = {
        connections: { of: { process: name } },
        to,
        count: { gte: 1 },
        sharedBetweenProcesses: 0,
      };
      const shared =
        'one of these connections is held by several processes now: opened before the fork, it mixes up answers';
      const brittle =
        'brittle where connections are opened at the first request and closed when idle: leave `count` out then';
      found.set(
        key,
        isShared ? { comments: [shared], item, isOptional: true } : { comments: [brittle], item },
      );
    }
  }
  return [...found.values()];
}

function companionAt(
  address: string,
  companions: Observed['companions'],
  resolved: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  return Object.values(companions).find(({ host }) => resolved[host]?.includes(address))?.host;
}

/** That the companions are reached. */
export function companionsReached({ companions }: Observed): readonly Draft[] {
  return Object.values(companions).map(({ host, port }) => ({
    comments: [],
    item: { addr: `${host}:${port}`, reachable: true },
  }));
}

/** The first page that answers well, under load, for whoever has several workers. */
export function underLoad({ answers: all, groups }: Observed): readonly Draft[] {
  const page =
    all.find(({ status, path }) => status < 300 && path !== '/') ?? all.find(({ status }) => status < 300);
  if (!page || groups.every(({ workers }) => workers.length < 2)) return [];
  const comments = [
    'the same with every worker at once: connections shared since the fork show only then; `docs/checks.md` tells of ${token}',
  ];
  return [
    {
      comments,
      item: { ...answerDraft(page).item, repeat: { times: 100, concurrency: 16 } },
      isOptional: true,
    },
  ];
}

/** Number and users of processes. */
export function processes({ groups, resources }: Observed): readonly Draft[] {
  const files = filesOf(resources);
  return groups.map(({ name, unit, selector, processes: all, workers }) => {
    const isForked = workers.length > 0;
    const selected = isForked ? workers : all;
    const users = usersOf(selected);
    const process = isForked
      ? {
          ...(typeof selector === 'string' ? { name } : { name, ...(unit !== undefined && { unit }) }),
          role: 'worker',
        }
      : selector;
    const count =
      selected.length > 1 ? ['brittle where the number follows cores or load: {gte: 1} then'] : [];
    // Started with a file of Chef's on its command line: it must know what that file says now.
    const config = files.find((path) =>
      all.some(({ args }) => args.some((one) => one === path || one.endsWith(`=${path}`))),
    );
    const restarted = config === undefined ? [] : [`startedAfter: restarted since ${config} changed`];
    return {
      comments: [...count, ...restarted],
      item: {
        process,
        count: selected.length,
        ...(users.length === 1 && { user: users[0] }),
        ...(config !== undefined && { startedAfter: config }),
      },
    };
  });
}
