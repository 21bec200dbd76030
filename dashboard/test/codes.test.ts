import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, delayCode, delayOf, lossCode, lossOf, noData, ratioCode, ratioOf } from '../src/api/codes.ts';

test('the ends of each scale are what docs/api.md says', () => {
  assert.equal(lossOf(0), 0);
  assert.ok(Math.abs(lossOf(1)! - 1e-5) < 1e-12);
  assert.equal(lossOf(250), 1);
  assert.equal(delayOf(0), 1);
  assert.ok(Math.abs(delayOf(250)! - 1e8) < 1);
  assert.equal(ratioOf(125), 1);
  assert.ok(Math.abs(ratioOf(250)! - 100) < 1e-9);
  assert.ok(Math.abs(ratioOf(0)! - 0.01) < 1e-9);
});

test('no data is never a number', () => {
  for (const read of [lossOf, delayOf, ratioOf]) for (let code = 251; code <= 255; code++) assert.equal(read(code), null);
  assert.equal(lossCode(null), noData);
  assert.equal(delayCode(null), noData);
  assert.equal(ratioCode(null), noData);
});

test('a byte read and written is the same byte', () => {
  for (let code = 0; code <= 250; code++) {
    assert.equal(lossCode(lossOf(code)), code);
    assert.equal(delayCode(delayOf(code)), code);
    assert.equal(ratioCode(ratioOf(code)), code);
  }
});

test('a row that is short, broken or missing has no data where it ends', () => {
  assert.deepEqual([...bytesOf(btoa('\u0001\u0002'), 4, 255)], [1, 2, 255, 255]);
  assert.deepEqual([...bytesOf(btoa('\u0001\u0002\u0003'), 2, 255)], [1, 2]);
  assert.deepEqual([...bytesOf('%%%', 2, 255)], [255, 255]);
  assert.deepEqual([...bytesOf(undefined, 2, 2)], [2, 2]);
});
