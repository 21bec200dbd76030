import { useEffect, useRef, useState } from 'preact/hooks';
import { figures } from '../api/codes.ts';
import { HostPage } from '../host/HostPage.tsx';
import { HostsPage } from '../host/HostsPage.tsx';
import { link, nodeNow, seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { PairPage } from '../pair/PairPage.tsx';
import type { Route, View } from '../routes/route.ts';
import { go, goLive, here, linkTo, router } from '../routes/router.ts';
import { TimeLine } from '../time/TimeLine.tsx';
import { VerdictPage } from '../verdicts/VerdictPage.tsx';
import { Announcer } from './Announcer.tsx';
import { Keys } from './Keys.tsx';
import { Login } from './Login.tsx';
import { Overview } from './Overview.tsx';
import { OldBanner, Status, useAge } from './Status.tsx';
import { setWish, useWish, type ThemeWish } from './theme.ts';

const pages: readonly (readonly [View['page'], string])[] = [
  ['overview', 'Overview'],
  ['matrix', 'Matrix'],
  ['hosts', 'Hosts'],
];

const wishes: readonly (readonly [ThemeWish, string])[] = [
  ['auto', '◐'],
  ['light', '☀'],
  ['dark', '☾'],
];

export function App() {
  const route = useStore(router, (r) => r.route);
  const phase = useStore(link, (l) => l.phase);
  const node = useStore(seen, (s) => s.nodes?.node ?? null);
  const wish = useWish();
  const { old } = useAge();
  const [areKeysShown, showKeys] = useState(false);
  const main = useRef<HTMLElement>(null);
  const nextWish = wishes[(wishes.findIndex(([w]) => w === wish) + 1) % wishes.length]![0];
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      // An open dialog has the keys; Escape is its own.
      if (document.querySelector('dialog[open]')) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && !(target instanceof HTMLInputElement && target.type === 'radio')) return;
      if (act(event.key, here(), () => showKeys(true), () => setWish(nextWish))) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [nextWish]);
  const where = placeOf(route.view);
  const before = useRef(where);
  useEffect(() => {
    // Another page begins at its top, and the next Tab with it.
    if (before.current === where) return;
    before.current = where;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [where]);
  return (
    <>
      <a class="skip" href={location.hash || '#/'} onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>
        To the content
      </a>
      <header class="head">
        <a class="brand" href={linkTo({ page: 'overview' })}>
          <svg viewBox="0 0 32 18" width="30" height="17" aria-hidden="true">
            <path d="M0 10h7l3-8 5 15 4-11 2 4h11" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round" />
          </svg>
          Meshpulse
        </a>
        <nav aria-label="Pages">
          {pages.map(([page, name]) => (
            <a key={page} href={linkTo({ page } as View)} aria-current={route.view.page === page ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <span class="asked">{node && <>seen by <b>{node}</b></>}</span>
        <Status />
        <button type="button" class="icon" onClick={() => setWish(nextWish)} aria-label={`Colours: ${wish === 'auto' ? 'as the system' : wish}; change`} title={`${wish === 'auto' ? 'as the system' : wish} (t)`}>
          {wishes.find(([w]) => w === wish)![1]}
        </button>
        <button type="button" class="icon" onClick={() => showKeys(true)} aria-label="Keys" title="keys (?)">
          ?
        </button>
      </header>
      {phase === 'locked' ? (
        <main>
          <Login />
        </main>
      ) : (
        <>
          <OldBanner />
          <TimeLine route={route} />
          <main ref={main} tabIndex={-1} class={old && route.time.at === null ? 'is-old' : ''}>
            <Page route={route} />
          </main>
        </>
      )}
      <Announcer />
      {areKeysShown && <Keys onClose={() => showKeys(false)} />}
    </>
  );
}

function Page({ route }: { readonly route: Route }) {
  const { view } = route;
  switch (view.page) {
    case 'overview':
    case 'matrix':
      return <Overview route={route} isLarge={view.page === 'matrix'} />;
    case 'hosts':
      return <HostsPage />;
    case 'pair':
      return <PairPage key={`${view.from} ${view.to}`} from={view.from} to={view.to} route={route} />;
    case 'host':
      return <HostPage key={view.host} host={view.host} route={route} />;
    case 'verdict':
      return <VerdictPage id={view.id} route={route} />;
    case 'lost':
      return (
        <section class="page">
          <h1>There is no such page</h1>
          <p>
            <a href={linkTo({ page: 'overview' })}>What is wrong now</a>
          </p>
        </section>
      );
  }
}

function placeOf(view: View): string {
  return JSON.stringify(view);
}

/** What a key does wherever the focus is. True where it did something. */
function act(key: string, route: Route, showKeys: () => void, nextTheme: () => void): boolean {
  const step = (sign: number) => {
    const now = nodeNow();
    const at = (route.time.at ?? now) + (sign * route.time.span) / 10;
    if (at >= now - 1_500) goLive();
    else go({ time: { ...route.time, at: Math.round(at / 1_000) * 1_000 } });
  };
  const acts: Record<string, () => void> = {
    o: () => go({ view: { page: 'overview' } }),
    m: () => go({ view: { page: 'matrix' } }),
    h: () => go({ view: { page: 'hosts' } }),
    l: goLive,
    t: nextTheme,
    '?': showKeys,
    '[': () => step(-1),
    ']': () => step(1),
    v: () => document.querySelector<HTMLElement>('.verdicts a')?.focus(),
    g: () => document.querySelector<HTMLElement>('.matrix canvas[tabindex]')?.focus(),
  };
  const figure = /^[1-4]$/.test(key) ? figures[Number(key) - 1] : undefined;
  if (figure) go({ colour: figure }, true);
  else if (key === 'Escape' && ['pair', 'host', 'verdict'].includes(route.view.page)) history.back();
  else if (acts[key]) acts[key]();
  else return false;
  return true;
}
