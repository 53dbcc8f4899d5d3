import tap from 'tap';
import { condenseFailure, condenseMessage } from './condense-message.ts';

await tap.test('an inspected node never gets through', async (t) => {
  const dump = `undefined method \`x' for #<Chef::Node::Attribute @default={${'"k"=>"v", '.repeat(20_000)}}>`;
  t.same(condenseMessage(`${dump}\nDid you mean?  y`), [
    "undefined method `x' for #<Chef::Node::Attribute …>",
    'Did you mean?  y',
  ]);
  const open = condenseMessage(`for #<Chef::Node ${'x'.repeat(100_000)}`);
  t.ok(open.join('').length < 400);
});

await tap.test('many lines keep their beginning and their end', async (t) => {
  const lines = condenseMessage(Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n'));
  t.equal(lines.length, 12);
  t.equal(lines[0], 'line 0');
  t.equal(lines.at(-1), 'line 99');
  t.ok(lines.includes('… [89 lines left out]'));
});

await tap.test('a failed command shows exit code, command and the end of its output', async (t) => {
  const stderr = Array.from({ length: 50 }, (_, index) => `e${index}`).join('\n');
  const message = `Expected process to exit with [0], but received '7'\n---- Begin output of run it ----\nSTDOUT: fine\nSTDERR: ${stderr}\n---- End output of run it ----\nRan run it returned 7`;
  const lines = condenseFailure(message);
  t.equal(lines[0], 'exit code 7 instead of 0: run it');
  t.equal(lines[8], 'stderr: e49');
  t.equal(lines[9], 'stdout: fine');
});
