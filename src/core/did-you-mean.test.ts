import tap from 'tap';
import { didYouMean, suggestion } from './did-you-mean.ts';

await tap.test('finds the nearest word within a third of its length', async (t) => {
  const keys = ['includes', 'excludes', 'verifier', 'run_list', 'name'];
  t.equal(didYouMean('includs', keys), 'includes');
  t.equal(didYouMean('verifer', keys), 'verifier');
  t.equal(didYouMean('run-list', keys), 'run_list');
  t.equal(didYouMean('runlist', keys), 'run_list');
  t.equal(didYouMean('anme', keys), 'name', 'a swap of two letters counts once');
  t.equal(didYouMean('client_rb', keys), undefined);
  t.equal(didYouMean('x', []), undefined);
});

await tap.test('lists what is known when nothing is near', async (t) => {
  t.equal(suggestion('zzz', ['a', 'b']), 'known here: a, b');
  t.equal(suggestion('zzz', []), undefined);
});
