import type { NodeEntry, NodeState } from '../api/documents.ts';
import { digits, duration, list, microseconds, percent } from '../time/words.ts';

export const stateNames: Record<NodeState, string> = { up: 'answers', silent: 'is silent', left: 'left in order', unreachable: 'can not be reached', unknown: 'is not known yet' };

/** How a host stands, in one line. */
export function stateWords(node: NodeEntry): string {
  const parts = [`It ${stateNames[node.state] ?? node.state}`];
  if (node.heard_ms != null && node.heard_ms > 2_000) parts[0] += `, last heard ${duration(node.heard_ms)} ago`;
  if (node.is_maintenance) parts.push('in maintenance');
  if (node.datacenter) parts.push(`in ${node.datacenter}`);
  if (node.groups && node.groups.length > 0) parts.push(`of ${list(node.groups)}`);
  if (node.cpu != null) parts.push(`CPU ${percent(node.cpu)}`);
  if (node.stalled_ms_10s != null) parts.push(node.stalled_ms_10s > 0 ? `stalled ${duration(node.stalled_ms_10s)} of the last 10 s` : 'no stalls in the last 10 s');
  if (node.receive_drops_10s != null && node.receive_drops_10s > 0) parts.push(`threw away ${digits(node.receive_drops_10s)} packets in the last 10 s`);
  if (node.clock_offset_us != null) parts.push(`clock off by ${microseconds(node.clock_offset_us)}${node.clock_bound_us != null ? ` ± ${microseconds(node.clock_bound_us)}` : ''}`);
  if (node.version) parts.push(`version ${node.version}`);
  return parts.join('; ');
}
