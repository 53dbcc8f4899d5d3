import tap from 'tap';
import { lastLines } from './console.ts';

await tap.test('the last lines of a console are those that tell something', async (t) => {
  const output = `[    5.1] kernel: ready\r
[\u001b[0;31m*     \u001b[0m] Job cloud-final.service/start running (6s / no limit)
[  *** ] Job cloud-final.service/start running (7s / no limit)
-----BEGIN SSH HOST KEY FINGERPRINTS-----
#############################################################
256 SHA256:GN7dYu1B7RKCeW3jXRB7yTsJ/fYRmiYnBTSwHIcZsaM root@ip-1bbf2a15 (ECDSA)
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 root@ip-1bbf2a15
         Starting \u001b[0;1;39mssh.service\u001b[0m - OpenBSD Secure Shell server...

[\u001b[0;1;31mFAILED\u001b[0m] Failed to start ssh.service.
See 'systemctl status ssh.service' for details.
`;
  t.same(lastLines(output, 5), [
    '[    5.1] kernel: ready',
    '[FAILED] Failed to start ssh.service.',
    "See 'systemctl status ssh.service' for details.",
  ]);
  t.same(lastLines(output, 1), ["See 'systemctl status ssh.service' for details."]);
  t.same(lastLines('', 5), []);
  t.same(lastLines('cloud-init: DB_PASSWORD=n0t-s3cret set\n', 5), [
    'cloud-init: DB_PASSWORD=‹10 chars› set',
  ]);
});
