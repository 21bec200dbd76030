import type { NodeEntry, Verdict } from '../api/documents.ts';

/** What to show as the evidence of a verdict: the hosts whose vitals matter, and a pair whose two ends saw it. */
export interface Focus {
  /** The hosts that it is about, the suspect first. */
  readonly hosts: readonly string[];
  /** A direction to show from both ends; null where there is none to show. */
  readonly pair: readonly [string, string] | null;
  /** Of how many like it the pair is one; 1 where it is the only one. */
  readonly among: number;
}

/** Chooses it. Where a whole host or datacenter is meant, the pair is one with a witness that the evidence names. */
export function focusOf(verdict: Verdict, nodes: readonly NodeEntry[], self: string | null): Focus {
  const { where } = verdict;
  const witnesses = verdict.evidence.map((e) => e.node);
  const up = nodes.filter((n) => n.state === 'up').map((n) => n.name);
  const others = (not: readonly string[]) => unique([...witnesses, ...(self ? [self] : []), ...up, ...nodes.map((n) => n.name)]).filter((n) => !not.includes(n));
  switch (where.kind) {
    case 'path':
    case 'flows':
      return where.from && where.to ? { hosts: [where.from, where.to], pair: [where.from, where.to], among: 1 } : nothing;
    case 'pair': {
      const [a, b] = where.hosts ?? [];
      return a && b ? { hosts: [a, b], pair: [a, b], among: 1 } : nothing;
    }
    case 'host': {
      const host = where.host;
      if (!host) return nothing;
      const witness = others([host]).find((n) => nodes.length === 0 || nodes.some((e) => e.name === n));
      return witness ? { hosts: [host, witness], pair: [witness, host], among: Math.max(1, 2 * (nodes.length - 1)) } : { hosts: [host], pair: null, among: 1 };
    }
    case 'datacenter':
      return between(others([]).filter((n) => !isIn(nodes, n, where.datacenter)), members(nodes, where.datacenter));
    case 'datacenters':
      return between(prefer(members(nodes, where.datacenters?.[0]), witnesses), prefer(members(nodes, where.datacenters?.[1]), witnesses));
    case 'datacenter_path':
      return between(prefer(members(nodes, where.from), witnesses), prefer(members(nodes, where.to), witnesses));
    case 'mesh':
      return between(prefer(where.parts?.[0] ?? [], witnesses), prefer(where.parts?.[1] ?? [], witnesses));
    default:
      return nothing;
  }
}

const nothing: Focus = { hosts: [], pair: null, among: 1 };

function between(from: readonly string[], to: readonly string[]): Focus {
  const [a] = from;
  const [b] = to;
  return a !== undefined && b !== undefined ? { hosts: [a, b], pair: [a, b], among: from.length * to.length } : { hosts: [a, b].filter((n) => n !== undefined), pair: null, among: 1 };
}

/** "demo" names what is in "demo.left" as well. */
export function isIn(nodes: readonly NodeEntry[], name: string, datacenter: string | undefined): boolean {
  const own = nodes.find((n) => n.name === name)?.datacenter;
  return !!own && !!datacenter && (own === datacenter || own.startsWith(datacenter + '.'));
}

function members(nodes: readonly NodeEntry[], datacenter: string | undefined): string[] {
  return nodes.filter((n) => isIn(nodes, n.name, datacenter)).map((n) => n.name);
}

function prefer(names: readonly string[], first: readonly string[]): string[] {
  return unique([...first.filter((n) => names.includes(n)), ...names]);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
