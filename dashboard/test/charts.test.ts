import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasAny, lastAndWorst, padTo, share, total, withGaps } from '../src/charts/figures.ts';

test('a share of nothing sent, or of what is not known, is not known', () => {
  assert.deepEqual(share([[1, 0, null, 2]], [10, 10, 10, 0]), [0.1, 0, null, null]);
  assert.deepEqual(share([[1, null], [1, 1]], [10, 10]), [0.2, 0.1]);
  assert.deepEqual(share([[1]], undefined), []);
  assert.deepEqual(share([undefined], [5]), [null]);
  assert.deepEqual(share([[-2]], [5]), [0]);
});

test('no line is drawn across a gap in time', () => {
  const { t, spread } = withGaps([0, 1_000, 9_000, 10_000], 1_000);
  assert.deepEqual(t, [0, 1_000, 2_000, 9_000, 10_000]);
  assert.deepEqual(spread([1, 2, 3, 4]), [1, 2, null, 3, 4]);
  assert.deepEqual(spread(undefined), [null, null, null, null, null]);
});

test('words of a series', () => {
  const words = (v: number | null) => `${v} ms`;
  assert.deepEqual(lastAndWorst('x', [1, 2, 3, 4], [1, 9, 2, null], words), { label: 'x', last: '2 ms', worst: '9 ms', text: 'last 2 ms, worst 9 ms' });
  assert.equal(lastAndWorst('x', [1], [null], words), null);
});

test('sums and lengths leave what is not known unknown', () => {
  assert.equal(total([null, null]), null);
  assert.equal(total(undefined), null);
  assert.equal(total([1, null, 2]), 3);
  assert.deepEqual(padTo([1], 3), [1, null, null]);
  assert.equal(hasAny([null]), false);
  assert.equal(hasAny([0]), true);
});
