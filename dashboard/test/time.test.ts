import assert from 'node:assert/strict';
import { test } from 'node:test';
import { around, defaultSpan, live, rangeFor, readMoment, readSpan, stepFor, ticks, windowOf, writeMoment, writeSpan } from '../src/time/span.ts';
import { count, digits, duration, list, microseconds, percent, times } from '../src/time/words.ts';

const now = Date.parse('2026-11-27T12:00:00Z');
const minute = 60_000;

test('a span read and written is the same, and nonsense is none', () => {
  for (const text of ['10s', '90s', '10m', '1h', '6h', '1d', '30d']) assert.equal(writeSpan(readSpan(text)!), text);
  for (const text of [null, '', '10', 'm', '-1m', '1w', '99999999s', '1.5h']) assert.equal(readSpan(text), null);
  assert.equal(readSpan('1s'), 10_000);
  assert.equal(readSpan('900d'), readSpan('30d'));
});

test('a moment is RFC 3339 or milliseconds', () => {
  assert.equal(readMoment('2026-11-27T12:00:00Z'), now);
  assert.equal(readMoment(String(now)), now);
  assert.equal(readMoment('yesterday'), null);
  assert.equal(readMoment(''), null);
  assert.equal(writeMoment(now), '2026-11-27T12:00:00Z');
  assert.equal(writeMoment(now + 1), '2026-11-27T12:00:00.001Z');
});

test('the window ends now, or has the moment in its middle, and never shows the future', () => {
  assert.deepEqual(windowOf(live, now), { start: now - defaultSpan, end: now });
  assert.deepEqual(windowOf({ at: now - 60 * minute, span: 10 * minute }, now), { start: now - 65 * minute, end: now - 55 * minute });
  assert.deepEqual(windowOf({ at: now - minute, span: 10 * minute }, now), { start: now - 10 * minute, end: now });
});

test('an incident is looked at from before its beginning', () => {
  assert.deepEqual(around(now - minute, null, now), live);
  assert.deepEqual(around(now - 9_000, null, now), { at: null, span: 2 * minute });
  for (const [since, until] of [[now - 3 * 60 * minute, now - 2 * 60 * minute], [now - 50 * minute, now - 50 * minute + 900], [now - 5 * 60 * minute, null]] as const) {
    const { start, end } = windowOf(around(since, until, now), now);
    assert.ok(start < since, `${since} ${until}`);
    assert.ok(end >= Math.min(until ?? now, since + (end - start) / 4), `${since} ${until}`);
  }
});

test('the range has the moment in it', () => {
  assert.equal(rangeFor(null, now, 3_600_000), 3_600_000);
  assert.equal(rangeFor(now - 2 * 3_600_000, now, 3_600_000), 6 * 3_600_000);
  assert.equal(rangeFor(now - 900 * 86_400_000, now, 3_600_000), 30 * 86_400_000);
});

test('an axis has some round moments, in order, and no more than asked for', () => {
  for (const range of [minute, 10 * minute, 3_600_000, 86_400_000, 30 * 86_400_000]) {
    const found = ticks(now - range, now, 8);
    assert.ok(found.length >= 1 && found.length <= 9, `${range}: ${found.length}`);
    assert.ok(found.every((t, i) => t >= now - range && t <= now && (i === 0 || t > found[i - 1]!)));
  }
});

test('series have some hundred points', () => {
  for (const span of [10_000, 10 * minute, 3_600_000, 30 * 86_400_000]) {
    const points = span / stepFor(span);
    assert.ok(points <= 700 && points >= 1, `${span}: ${points}`);
  }
});

test('numbers are short, have a unit, and are never made up', () => {
  assert.equal(microseconds(0.4), '0.40 µs'.replace('0.40', '0.4'));
  assert.equal(microseconds(999), '999 µs');
  assert.equal(microseconds(999.7), '1 ms');
  assert.equal(microseconds(1_530), '1.53 ms');
  assert.equal(microseconds(2_000_000), '2 s');
  assert.equal(percent(0), '0 %');
  assert.equal(percent(1e-7), '< 0.001 %');
  assert.equal(percent(2e-4), '0.02 %');
  assert.equal(percent(0.123), '12.3 %');
  assert.equal(percent(1), '100 %');
  assert.equal(times(1.02), 'as usual');
  assert.equal(times(5.14), '5.14 × the usual');
  assert.equal(duration(400), '0.4 s');
  assert.equal(duration(61_000), '61 s');
  assert.equal(duration(3 * 3_600_000 + 5 * minute), '3 h 5 min');
  assert.equal(duration(2 * 3_600_000 - 1), '2 h');
  assert.equal(duration(4 * 86_400_000), '4 days');
  assert.equal(digits(1_234.6), '1,235');
  for (const words of [microseconds, percent, duration, times]) assert.equal(words(null), 'not known');
  assert.equal(count(1, 'node'), '1 node');
  assert.equal(count(1_200, 'node'), '1,200 nodes');
  assert.equal(list(['a', 'b', 'c']), 'a, b and c');
  assert.equal(list(['a', 'b', 'c', 'd', 'e', 'f']), 'a, b, c, d and 2 more');
});
