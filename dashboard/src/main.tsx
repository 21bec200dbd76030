import { render } from 'preact';
import { feed } from './live/feed.ts';
import { App } from './shell/App.tsx';
import './shell/style.css';

const place = document.getElementById('app');
if (place) {
  place.replaceChildren();
  render(<App />, place);
  feed.start();
}
