import { useEffect, useRef, useState } from 'preact/hooks';
import { setToken, token } from '../api/client.ts';
import { feed } from '../live/feed.ts';
import { link } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';

/** Asks for the token where the node wants one. */
export function Login() {
  const error = useStore(link, (l) => l.error);
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      class="login"
      onSubmit={(e) => {
        e.preventDefault();
        setToken(text.trim() === '' ? null : text.trim());
        link.set({ phase: 'connecting', error: null });
        feed.retryNow();
      }}
    >
      <h1>This node wants a token</h1>
      <p>It was started with --api-token-file; the token is what that file holds. It is kept in this tab only.</p>
      {token() !== null && error && <p class="warning">{error}</p>}
      <label>
        Token <input ref={input} type="password" autocomplete="current-password" value={text} onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <button type="submit">Open</button>
    </form>
  );
}
