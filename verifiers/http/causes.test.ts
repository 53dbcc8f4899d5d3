import tap from 'tap';
import { excerpt } from './causes.ts';
import type { Outcome } from './exchange.ts';

const said = (body: string): string[] => excerpt({ kind: 'response', body } as unknown as Outcome);

await tap.test('an error page is told by its text, and its title only when it has no other', async (t) => {
  const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx';
  t.same(said(page), ['answer: 502 Bad Gateway nginx']);
  t.same(said('<title>Oops</title>'), ['answer: Oops']);
  t.same(said('<style>a{}'), []);
  t.same(said(`<p>${'x'.repeat(300)}`), [`answer: ${'x'.repeat(200)}…`]);
});

await tap.test('a megabyte of what looks like the beginning of a style is no work', async (t) => {
  t.same(said(`<p>no${'<style'.repeat(180_000)}`), ['answer: no']);
});
