import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import tap from 'tap';
import { compareCase } from './compare.ts';
import { kitchenFolder } from './kitchen-folder.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures/configs');

await tap.test('every fixture gives the instances and settings that Test Kitchen gives', async (t) => {
  const entries = await readdir(fixtures, { withFileTypes: true });
  const cases = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(fixtures, entry.name));
  t.ok(cases.length >= 13);
  for (const folder of cases) {
    const { list, settings } = await compareCase(folder);
    t.strictSame([...list, ...settings], [], path.basename(folder));
  }
});

await tap.test('the comparison finds what differs', async (t) => {
  const folder = await kitchenFolder(t, {});
  await cp(path.join(fixtures, 'legacy-docker'), folder, { recursive: true });
  const change = async (file: string, from: string, to: string) => {
    const text = await readFile(path.join(folder, file), 'utf8');
    t.ok(text.includes(from), `${file} holds ${from}`);
    await writeFile(path.join(folder, file), text.replaceAll(from, to));
  };
  await change('list.json', '"instance": "client-debian-7"', '"instance": "client-debian-8"');
  await change('diagnose.yml', 'mode: client', 'mode: other');
  const { list, settings } = await compareCase(folder);
  t.match(list, [/4 instances instead of 4, or in another order/]);
  t.match(settings[0], /provisioner\.attributes/);
  await change('.kitchen.yml', 'use_sudo: false', 'use_sudo_not: false');
  t.ok((await compareCase(folder)).settings.length > 1, 'a setting that is missing or too many');
});
