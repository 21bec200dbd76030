import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOld, waitBefore } from '../src/live/backoff.ts';
import { EventParser } from '../src/live/events.ts';

const stream = 'retry: 1000\n\nid: 1\nevent: hello\ndata: {"a":1}\n\n: ping\n\nevent: matrix\r\ndata: first\r\ndata:second\r\n\r\ndata: plain\n\nevent: none\n\n';
const expected = [
  { name: 'hello', data: '{"a":1}' },
  { name: 'matrix', data: 'first\nsecond' },
  { name: 'message', data: 'plain' },
];

test('a stream is read the same however it is cut', () => {
  for (let size = 1; size <= stream.length; size++) {
    const parser = new EventParser();
    const events = [];
    for (let i = 0; i < stream.length; i += size) events.push(...parser.push(stream.slice(i, i + size)));
    assert.deepEqual(events, expected, `pieces of ${size}`);
  }
});

test('half an event is none', () => {
  const parser = new EventParser();
  assert.deepEqual(parser.push('event: a\ndata: x\n'), []);
  assert.deepEqual(parser.push('\n'), [{ name: 'a', data: 'x' }]);
});

test('waiting grows, is bounded, and is not the same for all', () => {
  const waits = [1, 2, 3, 4, 5, 6, 20].map((n) => waitBefore(n, 0.5));
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  assert.notEqual(waitBefore(3, 0), waitBefore(3, 1));
  assert.ok(waitBefore(0, 0) >= 500);
});

test('data are old when the beat does not explain it', () => {
  assert.equal(isOld(3_900, 1_000), false);
  assert.equal(isOld(4_100, 1_000), true);
  assert.equal(isOld(8_000, 4_000), false);
});
