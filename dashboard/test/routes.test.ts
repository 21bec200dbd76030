import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRoute, writeRoute } from '../src/routes/route.ts';
import { defaultSpan } from '../src/time/span.ts';

test('every view has an address that gives it again', () => {
  for (const hash of [
    '#/',
    '#/matrix',
    '#/matrix?colour=ratio&show=pairs',
    '#/matrix?t=2026-11-27T12:00:00Z&span=1h&show=groups&open=fra.dc11/web,ber/db',
    '#/hosts',
    '#/host/10.0.0.1:12300',
    '#/pair/10.0.0.1/10.0.0.2?t=2026-11-27T12:00:00Z',
    '#/pair/%5B%3A%3A1%5D/b',
    '#/verdict/abc-1',
  ]) {
    const again = writeRoute(readRoute(hash));
    assert.deepEqual(readRoute(again), readRoute(hash), hash);
    if (!hash.includes('%')) assert.equal(again, hash);
  }
});

test('names may hold anything', () => {
  const route = { ...readRoute('#/'), view: { page: 'pair', from: 'a/b?c#d %', to: '[fe80::1%eth0]:9' } as const };
  assert.deepEqual(readRoute(writeRoute(route)).view, route.view);
});

test('what is not understood becomes the default, or the page that says so', () => {
  const route = readRoute('#/matrix?colour=pink&t=never&span=long&show=some');
  assert.deepEqual(route, { view: { page: 'matrix' }, time: { at: null, span: defaultSpan }, colour: 'loss', show: null, open: [] });
  for (const hash of ['#/nowhere', '#/pair/a', '#/pair/a/b/c', '#/host', '#/%E0%A4%A', `#/host/${'x'.repeat(400)}`]) assert.equal(readRoute(hash).view.page, 'lost', hash);
  assert.equal(readRoute('').view.page, 'overview');
});
