/** One row and column of the picture: a node, or a group of nodes that is drawn as one. */
export interface Line {
  /** Number of the node; -1 for a group. */
  readonly node: number;
  /** The nodes behind it. */
  readonly members: readonly number[];
  readonly label: string;
  readonly block: number;
}

/** Nodes that belong together: of one datacenter, and there of one group. */
export interface Block {
  readonly key: string;
  readonly datacenter: string | null;
  readonly label: string;
  readonly members: readonly number[];
  readonly isOpen: boolean;
  /** Its lines: the first, and how many. */
  readonly first: number;
  readonly lines: number;
}

/** The order of rows and columns. */
export interface Axis {
  readonly lines: readonly Line[];
  readonly blocks: readonly Block[];
  /** Where a node is drawn: the number of its line, be it its own or its group's. */
  readonly lineOf: Int32Array;
  /** Whether any group is drawn as one. */
  readonly isGrouped: boolean;
}

/** Above that many nodes groups are drawn as one unless something else is asked for. */
export const mostPairs = 60;

/** Puts the nodes in order: by datacenter, then group, then name with its numbers as numbers. */
export function axisOf(
  names: readonly string[],
  datacenters: readonly (string | null)[],
  groups: readonly (readonly string[])[],
  show: 'pairs' | 'groups' | null,
  open: readonly string[],
): Axis {
  const found = new Map<string, { datacenter: string | null; label: string; members: number[] }>();
  names.forEach((name, i) => {
    const { key, label } = blockOf(name, datacenters[i] ?? null, groups[i] ?? []);
    const block = found.get(key) ?? { datacenter: datacenters[i] ?? null, label, members: [] };
    block.members.push(i);
    found.set(key, block);
  });
  const keys = [...found.keys()].sort(naturally);
  const grouped = keys.length > 1 && (show === 'groups' || (show === null && names.length > mostPairs));
  const lines: Line[] = [];
  const blocks: Block[] = [];
  const lineOf = new Int32Array(names.length).fill(-1);
  for (const key of keys) {
    const { datacenter, label, members } = found.get(key)!;
    members.sort((a, b) => naturally(names[a] ?? '', names[b] ?? ''));
    const isOpen = !grouped || open.includes(key) || members.length === 1;
    const first = lines.length;
    for (const member of members) {
      lineOf[member] = lines.length;
      if (isOpen) lines.push({ node: member, members: [member], label: names[member] ?? '', block: blocks.length });
    }
    if (!isOpen) lines.push({ node: -1, members, label, block: blocks.length });
    blocks.push({ key, datacenter, label, members, isOpen, first, lines: lines.length - first });
  }
  return { lines, blocks, lineOf, isGrouped: lines.some((l) => l.node < 0) };
}

/** Without a datacenter and a group, addresses of one network belong together. */
function blockOf(name: string, datacenter: string | null, groups: readonly string[]): { key: string; label: string } {
  const group = [...groups].sort(naturally)[0] ?? null;
  if (datacenter !== null && group !== null) return { key: `${datacenter}/${group}`, label: `${datacenter} ${group}` };
  if (datacenter !== null || group !== null) return { key: `${datacenter ?? ''}/${group ?? ''}`, label: datacenter ?? group ?? '' };
  const network = /^(\d+\.\d+\.\d+)\.\d+(:\d+)?$/.exec(name)?.[1];
  return network ? { key: `~${network}`, label: `${network}.*` } : { key: '~', label: 'all' };
}

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function naturally(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** What all names begin with, up to a dot or dash: it need not be repeated where room is scarce. */
export function commonBeginning(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined || names.length < 2) return '';
  let length = first.length;
  for (const name of names) {
    let i = 0;
    while (i < length && name.charCodeAt(i) === first.charCodeAt(i)) i++;
    length = i;
  }
  const cut = Math.max(first.lastIndexOf('.', length - 1), first.lastIndexOf('-', length - 1));
  return cut < 0 ? '' : first.slice(0, cut + 1);
}
