import { quote } from '../../src/core/shell-words.ts';
import type { Ec2Config } from './config.ts';

/**
 * The local command through which ssh gets to the machine's sshd without an address that leads there; undefined where
 * none is wanted. Both are the AWS command line's, as in kitchen-ec2; `%p` is filled in by whoever runs it.
 */
export function tunnelCommand(
  { instanceConnect, sessionManager }: Pick<Ec2Config, 'instanceConnect' | 'sessionManager'>,
  at: { readonly instanceId: string; readonly region: string; readonly profile?: string | undefined },
): string | undefined {
  const words = sessionManager
    ? sessionWords(sessionManager.document, at.instanceId)
    : endpointWords(instanceConnect, at.instanceId);
  if (words === undefined) return undefined;
  const profile = at.profile === undefined ? [] : ['--profile', at.profile];
  return ['aws', ...words, '--region', at.region, ...profile].map(quote).join(' ');
}

/** Without a document that forwards a port, a session is a shell, and ssh would wait for it for ever. */
function sessionWords(document: string | undefined, instanceId: string): readonly string[] {
  const session = ['ssm', 'start-session', '--target', instanceId];
  return document === undefined
    ? [...session, '--document-name', 'AWS-StartSSHSession', '--parameters', 'portNumber=%p']
    : [...session, '--document-name', document];
}

function endpointWords(
  connect: Ec2Config['instanceConnect'],
  instanceId: string,
): readonly string[] | undefined {
  if (connect?.endpointId === undefined) return undefined;
  const tunnel = ['ec2-instance-connect', 'open-tunnel', '--instance-id', instanceId];
  const limit = ['--max-tunnel-duration', String(connect.maxSeconds)];
  return [...tunnel, '--instance-connect-endpoint-id', connect.endpointId, ...limit, '--remote-port', '%p'];
}
