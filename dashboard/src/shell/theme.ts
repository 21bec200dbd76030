import { useEffect, useState } from 'preact/hooks';
import type { Theme } from '../matrix/colours.ts';
import { Store, useStore } from '../live/store.ts';

export type ThemeWish = 'auto' | Theme;

const key = 'meshpulse-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function read(): ThemeWish {
  try {
    const text = localStorage.getItem(key);
    return text === 'light' || text === 'dark' ? text : 'auto';
  } catch {
    return 'auto';
  }
}

const wish = new Store<{ readonly wish: ThemeWish }>({ wish: read() });

function apply(): void {
  const own = wish.get().wish;
  if (own === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = own;
}

apply();

/** What was asked for. */
export function useWish(): ThemeWish {
  return useStore(wish, (w) => w.wish);
}

export function setWish(next: ThemeWish): void {
  try {
    if (next === 'auto') localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  } catch {
    // Then it holds as long as the page does.
  }
  wish.set({ wish: next });
  apply();
}

/** What it is: the system's where nothing was asked for. */
export function useTheme(): Theme {
  const own = useWish();
  const [isDark, setDark] = useState(system.matches);
  useEffect(() => {
    const look = () => setDark(system.matches);
    system.addEventListener('change', look);
    return () => system.removeEventListener('change', look);
  }, []);
  return own === 'auto' ? (isDark ? 'dark' : 'light') : own;
}
