import { Store } from '../live/store.ts';
import { readRoute, writeRoute, type Route, type View } from './route.ts';
import { live } from '../time/span.ts';

/** Where we are, as the address says. */
export const router = new Store<{ readonly route: Route }>({ route: readRoute(location.hash) });

window.addEventListener('hashchange', () => router.set({ route: readRoute(location.hash) }));

/** Where we are by the address itself, of whose change the browser tells a moment later. */
export function here(): Route {
  return readRoute(location.hash);
}

/** Goes somewhere; with `replace`, without a new entry in the browser's history (a brush that is being dragged makes one, not hundreds). */
export function go(change: Partial<Route>, replace = false): void {
  const route = { ...here(), ...change };
  const hash = writeRoute(route);
  if (hash === location.hash || (hash === '#/' && location.hash === '')) {
    router.set({ route });
    return;
  }
  if (replace) history.replaceState(null, '', hash);
  else history.pushState(null, '', hash);
  router.set({ route });
}

/** The address of another view at the same time. */
export function linkTo(view: View, time?: Route['time']): string {
  const { route } = router.get();
  return writeRoute({ ...route, view, time: time ?? route.time });
}

export function goLive(): void {
  go({ time: { ...live, span: here().time.span } });
}
