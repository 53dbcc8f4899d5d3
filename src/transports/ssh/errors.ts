import type { KeyAdmission } from '../../core/endpoint.ts';
import { GalleyError, restated } from '../../core/errors.ts';

/** Where somebody logs in, for messages and for dialling. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

export function placeName({ host, port }: Pick<Place, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Facts {
  readonly message: string;
  readonly hint: string;
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

function infrastructure(code: string, facts: Facts): GalleyError {
  return new GalleyError({ code: `ssh.${code}`, kind: 'infrastructure', ...facts });
}

/** What a machine does that is still starting: worth another try. All others stay as they are. */
const PASSING = [
  'no_such_host',
  'refused',
  'timed_out',
  'no_route',
  'silent',
  'reset',
  'handshake_failed',
  'login_timed_out',
  'lost',
  'no_tunnel',
];

export function isPassing(error: unknown): error is GalleyError {
  return error instanceof GalleyError && PASSING.includes(error.code.replace(/^ssh\./, ''));
}

/** The same failure once it has lasted: the code is the same, the message says for how long. */
export function lasting(error: GalleyError, tries: number, seconds: number): GalleyError {
  if (tries < 2) return error;
  return restated(error, { message: `${error.message} (${tries} tries in ${Math.round(seconds)} s)` });
}

const FIREWALL =
  'a firewall or security group that drops packets looks like this: open the port for your address';

/** A TCP connection that did not come about. */
export function connectError(place: Pick<Place, 'host' | 'port'>, error: NodeJS.ErrnoException): GalleyError {
  const name = placeName(place);
  const { code = '', message } = error;
  switch (code) {
    case 'ECONNREFUSED':
      return infrastructure('refused', {
        message: `${name} refused the connection: the machine answers, and nothing listens on the port`,
        hint: 'sshd has not started yet, or listens on another port: transport: {port: N}',
        cause: error,
      });
    case 'ETIMEDOUT':
      return infrastructure('timed_out', {
        message: `${name} did not answer: ${message}`,
        hint: `is the machine up, and the address right? ${FIREWALL}`,
        cause: error,
      });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return infrastructure('no_route', {
        message: `there is no way to ${name}: ${message}`,
        hint: 'the machine is not up yet, or its network is reached through a bastion: transport: {ssh_gateway: HOST}',
        cause: error,
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENODATA':
      return infrastructure('no_such_host', {
        message: `the name ${place.host} has no address: ${message}`,
        hint: 'check the host name, and your name server',
        cause: error,
      });
    case 'ECONNRESET':
    case 'EPIPE':
      return resetError(place, error);
    default:
      return infrastructure('cannot_connect', {
        message: `cannot connect to ${name}: ${message}`,
        hint: `ssh -v -p ${place.port} ${place.host} shows what another client makes of it`,
        cause: error,
      });
  }
}

/**
 * A command of the driver's that leads to the machine and has ended: a machine that starts cannot be led to yet. One
 * that is not installed (127, as shells have it) stays so.
 */
export function tunnelError(place: Pick<Place, 'host' | 'port'>, why: Error): GalleyError {
  const isMissing = /exit code 127\b/.test(why.message);
  return infrastructure(isMissing ? 'tunnel_missing' : 'no_tunnel', {
    message: `there is no tunnel to ${placeName(place)}: ${why.message}`,
    hint: isMissing
      ? 'install the program that it names, or choose another way to the machine'
      : "is the machine up, are the service's conditions met on it, and may you use it?",
    cause: why,
  });
}

export function resetError(place: Pick<Place, 'host' | 'port'>, cause?: unknown): GalleyError {
  return infrastructure('reset', {
    message: `${placeName(place)} closed the connection before it said that it is an ssh server`,
    hint: 'sshd is starting or has too many logins under way (MaxStartups); or a proxy listens there for a machine that is down',
    cause,
  });
}

export function silentError(place: Pick<Place, 'host' | 'port'>, seconds: number): GalleyError {
  return infrastructure('silent', {
    message: `${placeName(place)} took the connection and then said nothing for ${seconds} s`,
    hint: 'the machine hangs or is overloaded, or something else than sshd listens there; transport: {connection_timeout: N} waits longer',
  });
}

/** It said that it is an ssh server; what came after took too long. `tried`: what it was to let us in for. */
export function slowLoginError(
  place: Pick<Place, 'host' | 'port'>,
  seconds: number,
  tried: readonly string[],
): GalleyError {
  return infrastructure('login_timed_out', {
    message: `${placeName(place)} is an ssh server, and the login did not come to its end within ${seconds} s`,
    details: tried.map((one) => `tried ${one}`),
    hint: 'the machine is overloaded, or the agent that has the key does not answer; transport: {connection_timeout: N} waits longer',
  });
}

/** Whoever logs in gets no shell. */
export function mute({ host, username }: Place, seconds: number): GalleyError {
  return infrastructure('no_shell', {
    message: `${host} lets ${username} in, and runs no command within ${seconds} s`,
    hint: 'the login shell hangs: look at .bashrc and the like of this user, and at the load of the machine',
  });
}

/** Something spoke, but no session came of it. `words`: the first that it said. */
export function handshakeError(
  place: Pick<Place, 'host' | 'port'>,
  cause: Error,
  words: string,
): GalleyError {
  const isSsh = /^SSH-/m.test(words);
  const isBusy = /MaxStartups/.test(words);
  const noMatch = /no matching/i.test(cause.message);
  const name = placeName(place);
  if (!isSsh && !isBusy)
    return infrastructure('not_ssh', {
      message: `what listens at ${name} is no ssh server: it says ${JSON.stringify(words.split('\n')[0]?.trim())}`,
      hint: 'transport: {port: N} names the port of sshd',
      cause,
    });
  if (noMatch)
    return infrastructure('no_common_algorithm', {
      message: `${name} and Galley have no algorithm in common: ${cause.message}`,
      hint: 'the sshd is very old, or restricted by its sshd_config (KexAlgorithms, Ciphers, MACs, HostKeyAlgorithms)',
      cause,
    });
  return infrastructure('handshake_failed', {
    message: `${name} ended the connection before the login: ${isBusy ? words.trim() : cause.message}`,
    hint: "the machine's own log says why: journalctl -u ssh",
    cause,
  });
}

export function hostKeyError(
  place: Place,
  given: {
    readonly expected: readonly string[];
    readonly got: string;
    readonly from: string;
    readonly hint: string;
  },
): GalleyError {
  return new GalleyError({
    code: 'ssh.host_key_changed',
    kind: 'infrastructure',
    message: `the host key of ${placeName(place)} is not the one ${given.from}: this may be another machine, or somebody between`,
    expected: given.expected.join(' or '),
    got: given.got,
    hint: given.hint,
  });
}

export function authError(
  place: Place,
  given: {
    readonly tried: readonly string[];
    readonly unused: readonly string[];
    readonly accepts: readonly string[];
    readonly cause: Error;
  },
): GalleyError {
  const { tried, unused, accepts, cause } = given;
  const what =
    tried.length === 0 ? 'there was nothing to log in with' : `none of ${tried.length} was accepted`;
  return infrastructure('auth_failed', {
    message: `${placeName(place)} does not let ${place.username} in: ${tried.length === 1 ? 'what was tried was refused' : what}`,
    details: [
      ...tried.map((one) => `tried ${one}`),
      ...unused.map((one) => `not used: ${one}`),
      ...(accepts.length > 0 ? [`the server accepts: ${accepts.join(', ')}`] : []),
      ...(/too many authentication failures/i.test(cause.message)
        ? ['the server: too many authentication failures']
        : []),
    ],
    hint: `is ${place.username} the right user name (transport: {username: …}), and the key in its ~/.ssh/authorized_keys? transport: {ssh_key: FILE} names a key`,
    cause,
  });
}

/** A key that was announced and is refused: what takes announced keys is not on the machine. */
export function notAdmitted(error: unknown, admission: Pick<KeyAdmission, 'by' | 'hint'>): unknown {
  if (!(error instanceof GalleyError) || error.code !== 'ssh.auth_failed') return error;
  const { message, details, cause } = error;
  const { by, hint } = admission;
  return infrastructure('auth_failed', {
    message: `${message}, though ${by} took the key`,
    details,
    hint,
    cause,
  });
}

export function keyFileError(file: string, why: string): GalleyError {
  return new GalleyError({
    code: 'ssh.key_unusable',
    kind: 'config',
    message: `the key file ${file} cannot be used: ${why}`,
    hint: /passphrase/.test(why)
      ? `ssh-add ${file} gives it to the agent`
      : 'correct transport.ssh_key, or ssh-keygen -t ed25519 makes one',
  });
}

export function lostError(place: Place, why: string, doing?: string): GalleyError {
  return infrastructure('lost', {
    message: `the connection to ${placeName(place)} was lost${doing === undefined ? '' : ` while ${doing} ran`}: ${why}`,
    hint: 'a reboot, a stopped sshd or a changed firewall does this; the next command connects again',
  });
}

/** sudo's own words decide what stands in the way; undefined when it did not speak. */
export function sudoError(place: Place, command: string, stderr: string): GalleyError | undefined {
  const words = stderr.trim().split('\n').slice(-3);
  const facts = { details: words };
  const user = place.username;
  if (/a password is required|password for|askpass/i.test(stderr))
    return infrastructure('sudo_password', {
      ...facts,
      message: `sudo asks ${user} for a password, which nobody can type`,
      hint: `let it in without one: "${user} ALL=(ALL) NOPASSWD:ALL" in /etc/sudoers.d/${user}; or transport: {sudo: false}, or log in as root`,
    });
  if (/must have a tty|no tty present/i.test(stderr))
    return infrastructure('sudo_tty', {
      ...facts,
      message: `sudo wants a terminal (requiretty), which commands do not have`,
      hint: `"Defaults:${user} !requiretty" in /etc/sudoers.d/${user}`,
    });
  if (/not in the sudoers|not allowed to (execute|run)|may not run sudo/i.test(stderr))
    return infrastructure('sudo_denied', {
      ...facts,
      message: `${user} may not use sudo on ${placeName(place)}`,
      hint: `"${user} ALL=(ALL) NOPASSWD:ALL" in /etc/sudoers.d/${user}; or transport: {sudo: false}, or log in as root`,
    });
  const program = command.split(' ')[0] ?? command;
  if (new RegExp(`${program.replaceAll(/\W/g, String.raw`\$&`)}.*(not found|no such file)`, 'i').test(stderr))
    return infrastructure('sudo_missing', {
      ...facts,
      message: `there is no ${program} on ${placeName(place)}, and ${user} is not root`,
      hint: 'install sudo there, log in as root (transport: {username: root}), or transport: {sudo: false}',
    });
  return undefined;
}
