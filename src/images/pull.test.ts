import tap from 'tap';
import { fitsLocal } from './client-image.ts';
import { isSilence } from './pull.ts';

await tap.test('a registry that says no is told from one that says nothing', async (t) => {
  const silent = [
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    'Get "https://r/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded)',
    'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'no answer from registry.example within 10 s',
  ];
  const said = [
    'pull access denied for nope, repository does not exist or may require docker login',
    'manifest for debian:99 not found: manifest unknown: manifest unknown',
    'toomanyrequests: You have reached your pull rate limit',
  ];
  for (const reason of silent) t.ok(isSilence(reason), reason);
  for (const reason of said) t.notOk(isSilence(reason), reason);
});

await tap.test('the local client stands in for versions that it is', async (t) => {
  for (const version of ['18', '18.8', '18.8.54', 'latest']) t.ok(fitsLocal(version), version);
  for (const version of ['17', '19', '18.7', '18.8.5', '1']) t.notOk(fitsLocal(version), version);
});
