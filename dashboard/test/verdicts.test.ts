import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { NodeEntry, Verdict, Where } from '../src/api/documents.ts';
import { focusOf } from '../src/verdicts/focus.ts';
import { answer, asOf, evidenceWords, inOrder, sentence, weightOf, whenWords } from '../src/verdicts/words.ts';

const since = '2026-11-27T10:00:00Z';
const now = Date.parse('2026-11-27T10:02:00Z');

function verdict(what: string, where: Where, change: Partial<Verdict> = {}): Verdict {
  return { id: what, what, where, since, until: null, confidence: 0.9, evidence: [], ...change };
}

const node = (name: string, change: Partial<NodeEntry> = {}): NodeEntry => ({ name, state: 'up', ...change });

test('every kind of the catalogue is a sentence of its own, while it lasts and afterwards', () => {
  const source = readFileSync('../docs/verdicts.md', 'utf8');
  const kinds = [...new Set([...source.matchAll(/`((?:host|clock|path|node|datacenter|mesh|observer)\.[a-z_]+)`/g)].map((m) => m[1]!))];
  assert.ok(kinds.length > 30, `${kinds.length} kinds found`);
  const wheres: Record<string, Where> = {
    host: { kind: 'host', host: 'a' },
    clock: { kind: 'host', host: 'a' },
    node: { kind: 'host', host: 'a' },
    observer: { kind: 'host', host: 'a' },
    path: { kind: 'path', from: 'a', to: 'b' },
    datacenter: { kind: 'datacenters', datacenters: ['x', 'y'] },
    mesh: { kind: 'mesh', parts: [['a'], ['b']] },
  };
  for (const kind of kinds) {
    const where = kind === 'datacenter.down' ? { kind: 'datacenter', datacenter: 'x' } : wheres[kind.split('.')[0]!]!;
    for (const until of [null, '2026-11-27T10:01:00Z']) {
      const words = sentence(verdict(kind, where, { until }));
      assert.match(words, /^[A-Za-z].*\.$/, kind);
      assert.ok(!words.includes('?') && !words.includes('_') && !words.includes(kind), `${kind}: ${words}`);
      assert.ok(!/: .*: /.test(words) && !words.startsWith(kind.split('.')[0]! + ':'), `${kind}: ${words}`);
    }
  }
});

test('the sentence names the place', () => {
  assert.equal(sentence(verdict('host.frozen', { kind: 'host', host: '10.0.0.5' })), '10.0.0.5 is frozen: nothing on it runs.');
  assert.equal(sentence(verdict('host.frozen', { kind: 'host', host: '10.0.0.5' }, { until: since })), '10.0.0.5 was frozen: nothing on it ran.');
  assert.equal(sentence(verdict('path.loss', { kind: 'pair', hosts: ['a', 'b'] })), 'Packets are lost between a and b.');
  assert.equal(sentence(verdict('path.flow_loss', { kind: 'flows', from: 'a', to: 'b', flows: [7] })), 'One flow (source port 7) from a to b loses everything, the others nothing.');
  assert.equal(sentence(verdict('path.flow_loss', { kind: 'flows', from: 'a', to: 'b', flows: [7, 9] })), '2 flows (source ports 7 and 9) from a to b lose everything, the others nothing.');
  assert.equal(sentence(verdict('datacenter.path', { kind: 'datacenter_path', from: 'x', to: 'y' })), 'All traffic suffers from datacenter x to y.');
});

test('a kind of a newer agent is told by its name', () => {
  assert.equal(sentence(verdict('path.new_thing', { kind: 'somewhere' })), 'path: new thing at a place of kind somewhere.');
});

test('when and how sure', () => {
  assert.match(whenWords(verdict('host.gone', { kind: 'host', host: 'a' }), now), /^since .*, for 2 min; 90 % sure$/);
  assert.match(whenWords(verdict('host.gone', { kind: 'host', host: 'a' }, { until: '2026-11-27T10:00:30Z', recurrences: 1 }), now), /, 30 s; 90 % sure; came back 1 time$/);
});

test('evidence has its unit and what is usual, and no baseline is none', () => {
  assert.equal(evidenceWords({ node: 'a', figure: 'silence', value: 1_204, unit: 'ms', baseline: 5 }), 'silence: 1.2 s (usually 5 ms)');
  assert.equal(evidenceWords({ node: 'a', figure: 'lost', value: 0.12, unit: 'ratio', baseline: null }), 'lost: 12 %');
  assert.equal(evidenceWords({ node: 'a', figure: 'drops', value: 420, unit: '', baseline: 0 }), 'drops: 420 (usually 0)');
});

test('the answer: unknown is not well, and what was intended is not wrong', () => {
  assert.equal(answer(null, null).level, 'unknown');
  assert.deepEqual(answer([], [node('a'), node('b')]), { level: 'well', text: 'All is well', more: 'all 2 nodes answer' });
  assert.equal(answer([verdict('host.left', { kind: 'host', host: 'a' })], [node('a', { state: 'left' }), node('b')]).level, 'note');
  assert.equal(answer([verdict('host.frozen', { kind: 'host', host: 'a' })], [node('a')]).text, 'One thing is wrong');
  assert.equal(answer([verdict('host.frozen', { kind: 'host', host: 'a' }, { until: since })], [node('a')]).level, 'well');
  assert.equal(answer([], [node('a', { state: 'unreachable' })]).level, 'unknown');
  assert.equal(weightOf(verdict('host.maintenance', { kind: 'host', host: 'a' })), 'note');
});

test('what stopped before what limps, wide and sure before narrow and unsure, what lasts before what ended', () => {
  const order = inOrder([
    verdict('host.left', { kind: 'host', host: 'n' }),
    verdict('path.loss', { kind: 'path', from: 'a', to: 'b' }, { until: since }),
    verdict('path.loss', { kind: 'path', from: 'a', to: 'b' }),
    verdict('host.frozen', { kind: 'host', host: 'c' }, { confidence: 0.5 }),
    verdict('host.gone', { kind: 'host', host: 'd' }),
    verdict('host.cpu_contention', { kind: 'host', host: 'e' }, { confidence: 0.95 }),
    verdict('path.blackhole', { kind: 'path', from: 'a', to: 'b' }),
    verdict('mesh.partitioned', { kind: 'mesh', parts: [] }),
  ]);
  assert.deepEqual(order.map((v) => v.what), ['mesh.partitioned', 'host.gone', 'host.frozen', 'path.blackhole', 'host.cpu_contention', 'path.loss', 'host.left', 'path.loss']);
});

test('as it was: what had begun and not ended was in force', () => {
  const at = Date.parse('2026-11-27T10:00:30Z');
  const seen = asOf(
    [
      verdict('host.frozen', { kind: 'host', host: 'a' }, { until: '2026-11-27T10:01:00Z' }),
      verdict('host.gone', { kind: 'host', host: 'b' }, { since: '2026-11-27T10:00:40Z' }),
      verdict('path.loss', { kind: 'path', from: 'a', to: 'b' }, { since: '2026-11-27T09:50:00Z', until: '2026-11-27T09:55:00Z' }),
      verdict('path.mtu', { kind: 'path', from: 'a', to: 'b' }, { since: '2026-11-27T07:50:00Z', until: '2026-11-27T07:55:00Z' }),
    ],
    at,
  );
  assert.deepEqual(seen.map((v) => [v.what, v.until !== null]), [['host.frozen', false], ['path.loss', true]]);
});

test('evidence is shown of the pair itself, or with a witness that was named', () => {
  const nodes = [node('a', { datacenter: 'x.1' }), node('b', { datacenter: 'x.2' }), node('c', { datacenter: 'y' })];
  const by = (name: string) => [{ node: name, figure: 'f', value: 1, unit: '', baseline: null }];
  assert.deepEqual(focusOf(verdict('path.loss', { kind: 'path', from: 'a', to: 'c' }), nodes, 'b'), { hosts: ['a', 'c'], pair: ['a', 'c'], among: 1 });
  assert.deepEqual(focusOf(verdict('host.frozen', { kind: 'host', host: 'b' }, { evidence: [...by('b'), ...by('c')] }), nodes, 'a').pair, ['c', 'b']);
  assert.deepEqual(focusOf(verdict('host.frozen', { kind: 'host', host: 'b' }), nodes, 'a').pair, ['a', 'b']);
  assert.deepEqual(focusOf(verdict('datacenter.path', { kind: 'datacenters', datacenters: ['x', 'y'] }, { evidence: by('b') }), nodes, 'a'), { hosts: ['b', 'c'], pair: ['b', 'c'], among: 2 });
  assert.deepEqual(focusOf(verdict('host.frozen', { kind: 'host', host: 'b' }), [node('b')], 'b').pair, null);
  assert.deepEqual(focusOf(verdict('x.y', { kind: 'elsewhere' }), nodes, 'a'), { hosts: [], pair: null, among: 1 });
});
