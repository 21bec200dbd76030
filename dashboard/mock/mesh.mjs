// @ts-check
/**
 * A mesh that is made up: N nodes in datacenters and groups, with faults that can be told by eye. It answers as docs/api.md says, so that the dashboard can be
 * developed, tested and measured without a thousand agents. The same seed gives the same mesh.
 */

/** @param {number} seed */
function dice(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 2 ** 32;
  };
}

const clamp = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) => Math.min(high, Math.max(low, v));
const lossCode = (/** @type {number} */ loss) => (loss <= 0 ? 0 : clamp(Math.round(1 + ((Math.log10(loss) + 5) * 249) / 5), 1, 250));
const delayCode = (/** @type {number} */ us) => clamp(Math.round(31.25 * Math.log10(Math.max(1, us))), 0, 250);
const ratioCode = (/** @type {number} */ ratio) => clamp(Math.round(125 + 62.5 * Math.log10(ratio)), 0, 250);
const stamp = (/** @type {number} */ ms) => new Date(ms).toISOString();

/** The faults that it can play, by name. */
export const faultNames = ['sender', 'receiver', 'datacenter', 'flow', 'gone', 'maintenance', 'missing', 'pair'];

export class MadeUpMesh {
  /**
   * @param {{ nodes: number, faults: string[], seed?: number, history?: boolean, began?: number }} options
   */
  constructor({ nodes, faults, seed = 7, history = true, began = Date.now() - 40_000 }) {
    this.count = nodes;
    this.faults = new Set(faults);
    this.history = history;
    this.began = began;
    this.random = dice(seed);
    const centers = nodes <= 6 ? ['fra.left', 'fra.right'] : nodes <= 60 ? ['fra.dc11', 'fra.dc12', 'ber.dc1'] : ['fra.dc11', 'fra.dc12', 'ber.dc1', 'ber.dc2', 'ams.dc1'];
    const groups = nodes <= 6 ? ['nodes'] : nodes <= 60 ? ['web', 'db'] : ['web', 'db', 'cache', 'batch'];
    this.nodes = Array.from({ length: nodes }, (_, i) => {
      const center = Math.floor((i * centers.length) / nodes);
      const within = i - Math.ceil((center * nodes) / centers.length);
      const size = Math.max(1, Math.floor(nodes / centers.length));
      const group = groups[Math.min(groups.length - 1, Math.floor((Math.max(0, within) * groups.length) / size))];
      return { name: `10.${20 + center}.${groups.indexOf(group ?? '')}.${1 + (i % 250)}`, datacenter: centers[center] ?? null, groups: [group ?? ''], center };
    });
    this.names = this.nodes.map((n) => n.name);
    this.base = this.nodes.map((n) => 60 + this.random() * 60 + n.center * 5);
    // Who is ill: fixed places, so that tests can name them.
    this.sender = Math.min(nodes - 1, Math.floor(nodes * 0.3) + 1);
    this.receiver = Math.min(nodes - 1, Math.floor(nodes * 0.6));
    this.gone = nodes - 1;
    this.resting = Math.min(nodes - 1, Math.floor(nodes * 0.5));
    this.silent = Math.min(nodes - 1, Math.floor(nodes * 0.8));
    this.flow = /** @type {[number, number]} */ ([0, Math.min(nodes - 1, 2)]);
    this.pair = /** @type {[number, number]} */ ([Math.min(nodes - 1, 3), 1]);
  }

  /** @param {string} fault @param {number} at */
  has(fault, at) {
    return this.faults.has(fault) && at >= this.began;
  }

  /** What a direction is at a moment. @param {number} from @param {number} to @param {number} at */
  way(from, to, at) {
    const wide = this.nodes[from]?.center === this.nodes[to]?.center ? 1 : 6 + 4 * Math.abs((this.nodes[from]?.center ?? 0) - (this.nodes[to]?.center ?? 0));
    const usual = ((this.base[from] ?? 60) + (this.base[to] ?? 60)) * 0.5 * wide;
    const wave = 1 + 0.08 * Math.sin(at / 9_000 + from * 3 + to);
    let p50 = usual * wave;
    let p99 = p50 * (2.2 + 0.5 * Math.sin(at / 5_000 + to));
    let loss = this.random() < 0.004 ? 2e-4 : 0;
    let state = 0;
    if (this.has('sender', at) && from === this.sender) {
      loss = 0.12 + 0.05 * this.random();
      p99 *= 14;
      state = 4;
    }
    if (this.has('receiver', at) && to === this.receiver) {
      p50 *= 6;
      p99 *= 30;
      loss = 0.01;
      state = 4;
    }
    if (this.has('datacenter', at) && this.nodes[from]?.center === 0 && this.nodes[to]?.center === 1) {
      loss = 0.03 + 0.02 * this.random();
      p50 *= 4;
      p99 *= 5;
      state = 4;
    }
    if (this.has('flow', at) && from === this.flow[0] && to === this.flow[1]) {
      loss = 0.125;
      state = 4;
    }
    if (this.has('pair', at) && from === this.pair[0] && to === this.pair[1]) {
      loss = 0.3;
      p99 *= 3;
      state = 4;
    }
    if (this.has('maintenance', at) && (from === this.resting || to === this.resting)) state = 3;
    if (this.has('gone', at) && (from === this.gone || to === this.gone)) {
      loss = 1;
      state = 1;
    }
    return { loss, p50, p99, usual, state, isCut: state === 1 };
  }

  /** @param {number} from @param {number} at */
  row(from, at) {
    const [loss, p50, p99, ratio, state] = [0, 1, 2, 3, 4].map(() => Buffer.alloc(this.count, 255));
    state.fill(2);
    for (let to = 0; to < this.count; to++) {
      if (to === from) continue;
      const way = this.way(from, to, at);
      state[to] = way.state;
      loss[to] = way.isCut ? 250 : lossCode(way.loss);
      if (way.isCut) continue;
      p50[to] = delayCode(way.p50);
      p99[to] = delayCode(way.p99);
      ratio[to] = ratioCode(way.p50 / way.usual);
    }
    const text = (/** @type {Buffer} */ b) => b.toString('base64');
    return { from, kind: 'one_way', loss: text(loss), p50: text(p50), p99: text(p99), ratio: text(ratio), state: text(state) };
  }

  /** @param {number} at */
  isSilent(i = 0, at = 0) {
    return (this.has('gone', at) && i === this.gone) || (this.has('missing', at) && i === this.silent);
  }

  /** @param {number} at */
  head(at = Date.now()) {
    return { version: 1, node: this.names[0], now: stamp(at) };
  }

  /** @param {number} now @param {number | null} at */
  matrix(now, at = null) {
    const moment = at ?? now;
    const known = at === null || (this.history && at > now - 30 * 86_400_000 && at <= now);
    const told = this.names.map((_, i) => known && !this.isSilent(i, moment));
    return {
      ...this.head(now),
      at: stamp(moment),
      nodes: this.names,
      datacenters: this.nodes.map((n) => n.datacenter),
      groups: this.nodes.map((n) => n.groups),
      states: this.states(moment),
      ages_ms: told.map((t) => (t ? Math.round(this.random() * 900) : null)),
      missing: this.names.filter((_, i) => !told[i]).map((node) => ({ node, why: known ? 'does not answer' : 'no history of that time' })),
      rows: this.names.flatMap((_, i) => (told[i] ? [this.row(i, moment)] : [])),
    };
  }

  /** @param {number} at */
  states(at) {
    return this.names.map((_, i) => (this.has('gone', at) && i === this.gone ? 'silent' : 'up'));
  }

  /** @param {number} now */
  nodesDocument(now) {
    const verdicts = this.verdicts(now).verdicts.filter((v) => v.until === null);
    return {
      ...this.head(now),
      self: this.names[0],
      history: this.history,
      settings: { interval_ms: 5 },
      nodes: this.nodes.map((n, i) => {
        const isGone = this.has('gone', now) && i === this.gone;
        return {
          name: n.name,
          datacenter: n.datacenter,
          groups: n.groups,
          state: isGone ? 'silent' : 'up',
          is_maintenance: this.has('maintenance', now) && i === this.resting,
          heard_ms: isGone ? now - this.began : Math.round(this.random() * 200),
          version: isGone ? null : '0.1.0',
          cpu: isGone ? null : 0.1 + 0.2 * this.random() + (this.has('sender', now) && i === this.sender ? 0.6 : 0),
          stalled_ms_10s: isGone ? null : this.has('sender', now) && i === this.sender ? 2_300 : 0,
          receive_drops_10s: isGone ? null : this.has('receiver', now) && i === this.receiver ? 420 : 0,
          clock_offset_us: isGone ? null : Math.round((this.random() - 0.5) * 60),
          clock_bound_us: isGone ? null : 40,
          verdicts: verdicts.filter((v) => JSON.stringify(v.where).includes(`"${n.name}"`)).map((v) => v.id),
        };
      }),
    };
  }

  /** @param {number} now */
  verdicts(now) {
    const since = stamp(this.began);
    const name = (/** @type {number} */ i) => this.names[i] ?? '';
    const all = [];
    const say = (/** @type {string} */ fault, /** @type {string} */ what, /** @type {object} */ where, /** @type {number} */ confidence, /** @type {object[]} */ evidence, /** @type {string} */ suggestion) => {
      if (this.has(fault, now)) all.push({ id: `v-${fault}`, what, where, since, until: /** @type {string | null} */ (null), confidence, evidence, suggestion, noticed: stamp(this.began + 900), recurrences: 0 });
    };
    say('sender', 'host.cpu_contention', { kind: 'host', host: name(this.sender) }, 0.95, [{ node: name(this.sender), figure: 'longest stall of its own thread', value: 340, unit: 'ms', baseline: 2 }, { node: name(0), figure: 'time between heartbeats', value: 352, unit: 'ms', baseline: 5 }], 'find what uses the CPUs (top, pidstat -u); move it, limit it, or give what must be punctual a higher priority');
    say('receiver', 'host.receive_drops', { kind: 'host', host: name(this.receiver) }, 0.9, [{ node: name(this.receiver), figure: 'drops of its sockets', value: 420, unit: '', baseline: 0 }], 'enlarge receive buffers and backlog (net.core.rmem_max, net.core.netdev_max_backlog), spread interrupts over CPUs');
    say('datacenter', 'datacenter.path', { kind: 'datacenter_path', from: this.nodes[0]?.datacenter, to: this.nodes.find((n) => n.center === 1)?.datacenter }, 0.85, [{ node: name(0), figure: 'directions that lose', value: 1, unit: 'ratio', baseline: 0 }], 'check the links and routers between the two datacenters');
    say('flow', 'path.flow_loss', { kind: 'flows', from: name(this.flow[0]), to: name(this.flow[1]), flows: [40_003] }, 0.8, [{ node: name(this.flow[0]), figure: 'probes lost by port 40003', value: 1, unit: 'ratio', baseline: 0 }], 'one member of a bundle or one of several equal paths is bad: trace along the flows named here and look at that member');
    say('pair', 'path.loss', { kind: 'path', from: name(this.pair[0]), to: name(this.pair[1]) }, 0.8, [{ node: name(this.pair[0]), figure: 'packets lost', value: 0.3, unit: 'ratio', baseline: 0 }], 'look at the error counters of both ends and of the switches between (ethtool -S, mtr)');
    say('gone', 'host.gone', { kind: 'host', host: name(this.gone) }, 0.9, [{ node: name(0), figure: `silence of ${name(this.gone)}`, value: Math.max(1, (now - this.began) / 1_000), unit: 's', baseline: 0.005 }], 'check power, console and the switch port of the host');
    say('maintenance', 'host.maintenance', { kind: 'host', host: name(this.resting) }, 1, [], 'nothing: it is in maintenance');
    if (now - 25 * 60_000 > 0) {
      all.push({ id: 'v-old', what: 'path.congestion', where: { kind: 'path', from: name(0), to: name(1) }, since: stamp(this.began - 25 * 60_000), until: stamp(this.began - 22 * 60_000), confidence: 0.7, evidence: [{ node: name(0), figure: 'delay', value: 8_400, unit: 'us', baseline: 90 }], suggestion: 'find what fills the link (interface counters, flow export) and slow it down or widen the link', noticed: stamp(this.began - 25 * 60_000 + 1_100), recurrences: 2 });
    }
    return { ...this.head(now), verdicts: all };
  }

  /** @param {string} node @param {number} now */
  paths(node, now) {
    const from = this.names.indexOf(node);
    const figures = (/** @type {number} */ a, /** @type {number} */ b) => {
      const w = this.way(a, b, now);
      if (w.isCut) return { loss: 1, lost: 20, sent: 20, p50_us: null, p90_us: null, p99_us: null, max_us: null, baseline_us: w.usual };
      return { loss: w.loss, lost: Math.round(w.loss * 200), sent: 200, p50_us: w.p50, p90_us: w.p50 * 1.5, p99_us: w.p99, max_us: w.p99 * 1.4, baseline_us: w.usual };
    };
    return {
      ...this.head(now),
      node,
      paths: this.names.flatMap((to, i) => {
        if (i === from) return [];
        const isCut = this.way(from, i, now).isCut;
        return [{ to, forward: figures(from, i), backward: figures(i, from), round_trip: null, bound_us: 40, unsent: 0, receive_drops: 0, flows: [], connected: !isCut, silence_ms: isCut ? now - this.began : 3 }];
      }),
    };
  }

  /** @param {string} from @param {string} to @param {number} start @param {number} end @param {number} step @param {number} now */
  path(from, to, start, end, step, now) {
    const a = this.names.indexOf(from);
    const b = this.names.indexOf(to);
    const view = (/** @type {number} */ own, /** @type {number} */ other) => {
      const observer = this.names[own] ?? '';
      if (this.isSilent(own, now)) return { observer, source: 'peer', missing: `${observer} does not answer`, t: [] };
      const t = [];
      for (let at = Math.ceil(start / step) * step; at < Math.min(end, now); at += step) t.push(at);
      const there = t.map((at) => this.way(own, other, at));
      const back = t.map((at) => this.way(other, own, at));
      const sent = t.map(() => Math.round((step / 1_000) * 20));
      const lost = (/** @type {typeof there} */ ways) => ways.map((w, i) => Math.round((sent[i] ?? 0) * w.loss));
      const delays = (/** @type {typeof there} */ ways) => ({ p50_us: ways.map((w) => (w.isCut ? null : w.p50)), p90_us: ways.map((w) => (w.isCut ? null : w.p50 * 1.5)), p99_us: ways.map((w) => (w.isCut ? null : w.p99)), max_us: ways.map((w) => (w.isCut ? null : w.p99 * (1.2 + this.random())))});
      const bars = (/** @type {typeof there} */ ways) => {
        const counts = new Map();
        ways.forEach((w) => {
          if (w.isCut) return;
          for (let i = 0; i < 20; i++) {
            const us = Math.round(w.p50 * (0.85 + 0.3 * this.random()) * (this.random() < 0.04 ? w.p99 / w.p50 : 1));
            counts.set(us, (counts.get(us) ?? 0) + 1);
          }
        });
        return [...counts].sort((x, y) => x[0] - y[0]);
      };
      const isFlow = own === this.flow[0] && other === this.flow[1] && this.has('flow', now);
      return {
        observer,
        source: own === 0 ? 'live' : 'peer',
        missing: null,
        t,
        sent,
        lost_forward: lost(there),
        lost_backward: lost(back),
        lost_unknown: t.map(() => 0),
        unsent: t.map(() => 0),
        forward: delays(there),
        backward: delays(back),
        round_trip: null,
        heartbeats: { receive_p99_us: back.map((w) => (w.isCut ? null : 5_000 + w.p99)) },
        histograms: { forward: bars(there), backward: bars(back), round_trip: null },
        flows: Array.from({ length: 8 }, (_, i) => ({ port: 40_000 + i, sent: 2.5 * t.length, answered: isFlow && i === 3 ? 0 : 2.5 * t.length, lost_forward: isFlow && i === 3 ? 2.5 * t.length : Math.round(2.5 * (there[there.length - 1]?.loss ?? 0) * t.length), lost_backward: 0, lost_unknown: 0, large: i === 7, lost_series: null })),
      };
    };
    return {
      ...this.head(now),
      from,
      to,
      start: stamp(start),
      end: stamp(end),
      step_ms: step,
      views: [view(a, b), view(b, a)],
      events: this.events(start, end, null).events,
      verdicts: this.verdicts(now).verdicts.filter((v) => JSON.stringify(v.where).includes(from) || JSON.stringify(v.where).includes(to)),
      traces: [this.trace(to, from, 6_000, 1, 'exit code 1'), this.trace(from, to, 4_000, 0, 'exit code 0')],
    };
  }

  /** @param {string} node @param {string} other @param {number} at @param {number} code @param {string} ending */
  trace(node, other, at, code, ending) {
    const text = ` 1  10.20.0.254   0.2 ms   0 %\n 2  192.0.2.17    0.9 ms   0 %\n 3  ${other}   1.4 ms   0 %   ${'a long line '.repeat(20)}\n# after 2.1 s: ${ending}\n`;
    return { at: stamp(this.began + at), until: stamp(this.began + at + 2_100), node, name: 'path', cause: 'verdict path.flow_loss, source ports 40003', text, exit_code: code };
  }

  /** @param {string} node @param {number} start @param {number} end @param {number} step @param {number} now */
  vitals(node, start, end, step, now) {
    const i = this.names.indexOf(node);
    const t = [];
    for (let at = Math.ceil(start / step) * step; at < Math.min(end, now); at += step) t.push(at);
    const of = (/** @type {(at: number) => number} */ f) => t.map(f);
    const ill = (/** @type {number} */ at) => this.has('sender', at) && i === this.sender;
    const drops = (/** @type {number} */ at) => (this.has('receiver', at) && i === this.receiver ? 40 + 10 * this.random() : 0);
    return {
      ...this.head(now),
      node,
      t,
      cpu: of((at) => (ill(at) ? 0.97 : 0.15 + 0.1 * this.random())),
      busiest_cpu: of((at) => (ill(at) ? 1 : 0.3 + 0.2 * this.random())),
      steal: of(() => 0),
      run_queue_wait_ms: of((at) => (ill(at) ? 180 + 100 * this.random() : this.random())),
      throttled_ms: of(() => 0),
      psi_cpu: of((at) => (ill(at) ? 0.6 : 0.01)),
      psi_io: of(() => 0.01 * this.random()),
      psi_memory: of(() => 0),
      major_faults: of(() => (this.random() < 0.05 ? 2 : 0)),
      frozen_ms: of(() => 0),
      stall_max_ms: of((at) => (ill(at) ? 200 + 150 * this.random() : this.random() * 2)),
      gc_pause_ms: of(() => 0.3 * this.random()),
      wake_late_max_us: of((at) => (ill(at) ? 9_000 : 80 + 60 * this.random())),
      udp_drops: of(drops),
      nic_drops: of(() => 0),
      softnet_drops: of(() => 0),
      retransmits: of((at) => (ill(at) ? 3 : 0)),
      clock_offset_us: of(() => 10 + 5 * this.random()),
      stalls: ill(now) ? Array.from({ length: 6 }, (_, k) => ({ at: stamp(this.began + k * 2_000), ms: 180 + k * 30, cause: 'CPU contention' })) : [],
    };
  }

  /** @param {number} start @param {number} end @param {string | null} node */
  events(start, end, node) {
    const all = [
      { at: stamp(this.began + 900), node: this.names[0], kind: 'verdict', subject: null, text: 'a verdict began' },
      { at: stamp(this.began - 600_000), node: this.names[1], kind: 'connected', subject: this.names[0], text: `connected to ${this.names[0]}` },
    ];
    return { ...this.head(), events: all.filter((e) => Date.parse(e.at) >= start && Date.parse(e.at) <= end && (node === null || e.node === node)), more: false };
  }
}
