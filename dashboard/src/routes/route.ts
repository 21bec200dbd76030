import { figures, type Figure } from '../api/codes.ts';
import { defaultSpan, readMoment, readSpan, writeMoment, writeSpan, type TimeChoice } from '../time/span.ts';

/** Everything that is looked at has an address; this is what such an address says. */
export type View =
  | { readonly page: 'overview' }
  | { readonly page: 'matrix' }
  | { readonly page: 'hosts' }
  | { readonly page: 'pair'; readonly from: string; readonly to: string }
  | { readonly page: 'host'; readonly host: string }
  | { readonly page: 'verdict'; readonly id: string }
  | { readonly page: 'lost'; readonly text: string };

export interface Route {
  readonly view: View;
  readonly time: TimeChoice;
  readonly colour: Figure;
  /** "pairs" or "groups"; null: as the size of the mesh suggests. */
  readonly show: 'pairs' | 'groups' | null;
  /** Which groups are opened though groups are shown. */
  readonly open: readonly string[];
}

const longestName = 300;

/** Reads the part of an address after #. Whatever is not understood becomes the default, or the page that says so. */
export function readRoute(hash: string): Route {
  const text = hash.replace(/^#/, '');
  const cut = text.indexOf('?');
  const path = cut < 0 ? text : text.slice(0, cut);
  const query = new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1));
  const colour = query.get('colour') as Figure | null;
  const show = query.get('show');
  return {
    view: readView(path),
    time: { at: readMoment(query.get('t')), span: readSpan(query.get('span')) ?? defaultSpan },
    colour: colour && figures.includes(colour) ? colour : 'loss',
    show: show === 'pairs' || show === 'groups' ? show : null,
    open: (query.get('open') ?? '').split(',').filter((name) => name !== '' && name.length <= longestName).slice(0, 100),
  };
}

/** The part of an address after #, with it. */
export function writeRoute(route: Route): string {
  const query = new URLSearchParams();
  if (route.time.at !== null) query.set('t', writeMoment(route.time.at));
  if (route.time.span !== defaultSpan) query.set('span', writeSpan(route.time.span));
  if (route.view.page === 'overview' || route.view.page === 'matrix') {
    if (route.colour !== 'loss') query.set('colour', route.colour);
    if (route.show !== null) query.set('show', route.show);
    if (route.open.length > 0) query.set('open', route.open.join(','));
  }
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/');
  return `#${writeView(route.view)}${text === '' ? '' : `?${text}`}`;
}

function readView(path: string): View {
  let parts: string[];
  try {
    parts = path.split('/').filter((p) => p !== '').map(decodeURIComponent);
  } catch {
    return { page: 'lost', text: path };
  }
  const [page, first, second, ...more] = parts;
  if (parts.some((p) => p.length > longestName) || more.length > 0) return { page: 'lost', text: path };
  if (page === undefined) return { page: 'overview' };
  if (parts.length === 1 && (page === 'matrix' || page === 'hosts')) return { page };
  if (page === 'pair' && first !== undefined && second !== undefined) return { page: 'pair', from: first, to: second };
  if (page === 'host' && first !== undefined && second === undefined) return { page: 'host', host: first };
  if (page === 'verdict' && first !== undefined && second === undefined) return { page: 'verdict', id: first };
  return { page: 'lost', text: path };
}

function writeView(view: View): string {
  const name = (text: string) => encodeURIComponent(text).replaceAll('%3A', ':');
  switch (view.page) {
    case 'overview':
      return '/';
    case 'matrix':
    case 'hosts':
      return `/${view.page}`;
    case 'pair':
      return `/pair/${name(view.from)}/${name(view.to)}`;
    case 'host':
      return `/host/${name(view.host)}`;
    case 'verdict':
      return `/verdict/${name(view.id)}`;
    case 'lost':
      return view.text;
  }
}
