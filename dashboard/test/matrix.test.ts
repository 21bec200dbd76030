import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatrixRowDocument } from '../src/api/documents.ts';
import { delayCode, lossCode, ratioCode } from '../src/api/codes.ts';
import { axisOf, commonBeginning, mostPairs, naturally } from '../src/matrix/axis.ts';
import { coloursOf, luminance } from '../src/matrix/colours.ts';
import { badness, Look, lookAt, Mesh } from '../src/matrix/mesh.ts';
import { cellFor } from '../src/matrix/room.ts';
import { sumOf } from '../src/matrix/sums.ts';
import { cellWords, missingWords, sumWords } from '../src/matrix/words.ts';

const text = (bytes: readonly number[]) => btoa(String.fromCharCode(...bytes));

function row(from: number, cells: { loss?: number[]; p50?: number[]; state?: number[] }, size: number): MatrixRowDocument {
  const fill = (value: number) => new Array<number>(size).fill(value);
  return { from, loss: text(cells.loss ?? fill(0)), p50: text(cells.p50 ?? fill(60)), p99: text(fill(80)), ratio: text(fill(125)), state: text(cells.state ?? fill(0).map((_, i) => (i === from ? 2 : 0))) };
}

function mesh(size: number, rows: MatrixRowDocument[]): Mesh {
  const nodes = Array.from({ length: size }, (_, i) => `10.0.0.${i + 1}`);
  return new Mesh({ nodes, rows, missing: [] });
}

test('a row that nobody told is no data, and no zero', () => {
  const m = mesh(3, [row(0, {}, 3)]);
  assert.deepEqual(lookAt(m.rows[1]!, 0, 'loss'), { look: Look.none, verdict: false });
  assert.deepEqual(lookAt(m.rows[0]!, 1, 'loss'), { look: 0, verdict: false });
  assert.match(cellWords(m, 1, 0), /no data/);
  assert.match(cellWords(m, 0, 1), /nothing lost/);
  assert.match(missingWords(m)!, /no word of 10\.0\.0\.2 and 10\.0\.0\.3/);
});

test('maintenance, a cut and a verdict each have a look of their own', () => {
  const m = mesh(5, [row(0, { loss: [255, 250, 0, 200, 255], state: [2, 1, 3, 4, 2] }, 5)]);
  assert.equal(lookAt(m.rows[0]!, 1, 'loss').look, Look.cut);
  assert.equal(lookAt(m.rows[0]!, 2, 'loss').look, Look.maintenance);
  assert.deepEqual(lookAt(m.rows[0]!, 3, 'loss'), { look: 200, verdict: true });
  assert.equal(lookAt(m.rows[0]!, 4, 'loss').look, Look.none);
  assert.match(cellWords(m, 0, 1), /nothing gets through/);
  assert.match(cellWords(m, 0, 3), /a verdict names it/);
});

test('news replace rows, tell which, and ask for all where the nodes are others', () => {
  const m = mesh(3, [row(0, {}, 3)]);
  assert.deepEqual(m.change({ rows: [row(2, { loss: [9, 9, 255] }, 3)], ages_ms: [1, 2, 3] }), [2]);
  assert.equal(m.rows[2]!.loss[0], 9);
  assert.deepEqual(m.ages, [1, 2, 3]);
  assert.deepEqual(m.change({ rows: [], missing: [{ node: '10.0.0.3', why: 'does not answer' }] }), []);
  assert.match(missingWords(m)!, /10\.0\.0\.3/);
  assert.equal(m.change({ rows: [], nodes: ['10.0.0.1', '10.0.0.2'] }), null);
  assert.deepEqual(m.change({ rows: [{ ...row(0, {}, 3), from: 7 }, { ...row(0, {}, 3), from: -1 }] }), []);
});

test('nodes are in order of datacenter, group and number, and few are never drawn as groups', () => {
  const axis = axisOf(['b10', 'b2', 'a1'], ['dc2', 'dc2', 'dc1'], [[], [], []], null, []);
  assert.deepEqual(axis.lines.map((l) => l.label), ['a1', 'b2', 'b10']);
  assert.equal(axis.isGrouped, false);
  assert.deepEqual([...axis.lineOf], [2, 1, 0]);
  assert.deepEqual(axis.blocks.map((b) => [b.label, b.first, b.lines]), [['dc1', 0, 1], ['dc2', 1, 2]]);
});

test('many are drawn as groups, of which any can be opened', () => {
  const size = mostPairs + 2;
  const names = Array.from({ length: size }, (_, i) => `n${i}`);
  const centers = names.map((_, i) => (i % 2 ? 'x' : 'y'));
  const groups = names.map((_, i) => (i < 20 ? ['web'] : ['db']));
  const axis = axisOf(names, centers, groups, null, ['y/web']);
  assert.equal(axis.isGrouped, true);
  assert.deepEqual(axis.blocks.map((b) => [b.key, b.isOpen]), [['x/db', false], ['x/web', false], ['y/db', false], ['y/web', true]]);
  assert.equal(axis.lines.length, 3 + 10);
  names.forEach((_, i) => assert.ok(axis.lines[axis.lineOf[i]!]!.members.includes(i)));
  assert.equal(axisOf(names, centers, groups, 'pairs', []).lines.length, size);
  // One group alone is no use as one cell.
  assert.equal(axisOf(names, names.map(() => null), names.map(() => []), null, []).isGrouped, false);
});

test('addresses without a datacenter belong together by their network', () => {
  const axis = axisOf(['10.0.1.1', '10.0.0.2', '10.0.0.1:9'], [null, null, null], [[], [], []], 'groups', []);
  assert.deepEqual(axis.blocks.map((b) => b.label), ['10.0.0.*', '10.0.1.*']);
});

test('a sum shows what a tenth exceed, its middle what half do, and names the worst', () => {
  const loss = Array.from({ length: 21 }, (_, i) => (i < 10 ? 0 : 100));
  const m = mesh(21, [row(20, { loss: [...loss.slice(0, 20), 255] }, 21)]);
  const everybody = m.names.map((_, i) => i);
  const sum = sumOf(m, [20], everybody, 'loss');
  assert.deepEqual([sum.all, sum.known, sum.bad, sum.look, sum.middle], [20, 20, 10, 100, 0]);
  const whole = sumOf(m, everybody, everybody, 'loss');
  assert.equal(whole.all, 21 * 20);
  assert.equal(whole.known, 20);
  assert.match(sumWords(m, 'All', whole, 'loss'), /of 420 ways 10 lose packets, no data of 400, the worst is 10\.0\.0\.21 → 10\.0\.0\.11/);
  assert.equal(sumOf(m, [0], everybody, 'loss').look, Look.none);
});

test('one cut among many is told, and many are the look', () => {
  const m = mesh(3, [row(0, { state: [2, 1, 1], loss: [255, 250, 250] }, 3)]);
  const sum = sumOf(m, [0], [0, 1, 2], 'loss');
  assert.deepEqual([sum.look, sum.cut, sum.worst], [Look.cut, 2, Look.cut]);
});

test('marks tell the bad without a colour, in order', () => {
  for (const figure of ['loss', 'p50', 'p99', 'ratio'] as const) {
    let before = 0;
    for (let code = 0; code <= 250; code++) {
      const bad = badness(code, figure);
      assert.ok(bad >= before);
      before = bad;
    }
    assert.equal(badness(0, figure), 0);
    assert.equal(badness(Look.self, figure), 0);
    assert.equal(badness(Look.none, figure), 0);
    assert.equal(badness(Look.maintenance, figure), 0);
    assert.equal(badness(Look.cut, figure), 3);
  }
});

test('marks begin where the legend says', () => {
  assert.deepEqual([5e-4, 2e-3, 0.03, 0.08, 0.5, 1].map((l) => badness(lossCode(l), 'loss')), [0, 1, 1, 2, 2, 3]);
  assert.deepEqual([8_000, 12_000, 90_000, 110_000].map((d) => badness(delayCode(d), 'p99')), [0, 1, 1, 2]);
  assert.deepEqual([0.5, 2.8, 3.2, 9, 11].map((r) => badness(ratioCode(r), 'ratio')), [0, 0, 1, 1, 2]);
});

test('what is not known is counted nowhere but among all', () => {
  const m = mesh(4, [row(0, { loss: [255, 0, 255, 0], state: [2, 2, 0, 3] }, 4)]);
  const sum = sumOf(m, [0], [0, 1, 2, 3], 'loss');
  assert.deepEqual([sum.all, sum.known, sum.bad, sum.maintenance, sum.look, sum.worst], [3, 0, 0, 1, Look.maintenance, -1]);
});

test('scales go one way in lightness, away from the ground', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const figure of ['loss', 'p99'] as const) {
      const colours = coloursOf(figure, theme);
      const order = Array.from({ length: 249 }, (_, i) => luminance(colours[i + 2]!) - luminance(colours[i + 1]!));
      // Rounding to whole bytes may move it back by a hair.
      assert.ok(order.every((d) => (theme === 'light' ? d <= 0.002 : d >= -0.002)), `${figure} ${theme}`);
      const contrast = Math.abs(luminance(colours[1]!) - luminance(colours[250]!));
      assert.ok(contrast > 0.5, `${figure} ${theme}: ${contrast}`);
    }
  }
});

test('cells fill the room, and are never smaller than a pixel', () => {
  assert.equal(cellFor(5, 900, 500, 1), 72);
  assert.equal(cellFor(40, 900, 500, 1), 12);
  assert.equal(cellFor(300, 900, 500, 1), 1.5);
  assert.equal(cellFor(1000, 900, 500, 1), 1);
  assert.equal(cellFor(1000, 900, 500, 8), 8);
});

test('numbers in names are numbers, and what all have in common can be left out', () => {
  assert.deepEqual(['n10', 'n9', 'n1'].sort(naturally), ['n1', 'n9', 'n10']);
  assert.equal(commonBeginning(['127.0.77.1', '127.0.77.12']), '127.0.77.');
  assert.equal(commonBeginning(['web1', 'web2']), '');
  assert.equal(commonBeginning(['only']), '');
});
