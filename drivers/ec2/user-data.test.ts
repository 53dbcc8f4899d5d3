import { spawnSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import tap from 'tap';
import { planUserData } from './user-data.ts';

const AT = Date.parse('2026-01-02T00:00:00Z');
const text = (encoded: string | undefined): string => Buffer.from(encoded ?? '', 'base64').toString();

await tap.test('the guest ends itself', async (t) => {
  const plan = planUserData(undefined, AT, true);
  t.ok(plan.endsItself);
  t.match(text(plan.encoded), /^#!\/bin\/sh\n# Galley: this machine ends itself at 2026-01-02T00:00:00.000Z/);
  t.equal(spawnSync('sh', ['-n'], { input: text(plan.encoded) }).status, 0, 'it is a script');
});

await tap.test('a script or a cloud-config of the user goes with it', async (t) => {
  for (const [own, type] of [
    ['#!/bin/bash\ntouch /x\n', 'text/x-shellscript'],
    ['#cloud-config\npackages: [git]\n', 'text/cloud-config'],
  ] as const) {
    const plan = planUserData(own, AT, true);
    t.ok(plan.endsItself);
    t.match(text(plan.encoded), /^Content-Type: multipart\/mixed; boundary="==galley=="\n/);
    t.ok(text(plan.encoded).includes(`Content-Type: ${type}; charset="utf-8"\nMIME-Version: 1.0\n\n${own}`));
    t.match(text(plan.encoded), /--==galley==--\n$/);
  }
});

await tap.test('what cannot be joined stays as it was written, with the reason', async (t) => {
  for (const own of ['<powershell>', 'MIME-Version: 1.0\n…', '\u001f\u008b…']) {
    const plan = planUserData(own, AT, true);
    t.equal(text(plan.encoded), own);
    t.match(plan, { endsItself: false, reason: /user_data/ });
  }
  t.match(planUserData('#!/bin/sh\n', AT, false), { endsItself: false, reason: /cloud-init/ });
  t.match(planUserData(`#!/bin/sh\n${'#'.repeat(15_900)}`, AT, true), {
    endsItself: false,
    reason: /no room/,
  });
  t.same(planUserData(undefined, undefined, true), { encoded: undefined, bytes: 0, endsItself: false });
});

await tap.test('user data that is packed is joined as well, and packed again', async (t) => {
  const own = `#!/bin/sh\n${'echo much of the same\n'.repeat(2000)}`;
  const plan = planUserData(gzipSync(own), AT, true);
  t.ok(plan.endsItself);
  t.ok(plan.bytes < 2000, `${plan.bytes} bytes`);
  const both = gunzipSync(Buffer.from(plan.encoded ?? '', 'base64')).toString();
  t.match(both, /this machine ends itself/);
  t.ok(both.includes(own));
  const broken = Buffer.from([0x1f, 0x8b, 0xff, 0xfe, 0x80]);
  const kept = planUserData(broken, AT, true);
  t.match(kept, { endsItself: false, reason: /cannot be unpacked/ });
  t.same(Buffer.from(kept.encoded ?? '', 'base64'), broken, 'byte for byte');
});
