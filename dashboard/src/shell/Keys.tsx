import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [string, string])[] = [
  ['o', 'overview: what is wrong, and the matrix'],
  ['m', 'matrix alone'],
  ['h', 'hosts'],
  ['1 2 3 4', 'colour by loss, slowest 1 %, against usual, median'],
  ['l', 'back to the present'],
  ['[ and ]', 'a step back or forth in time'],
  ['v', 'to the first verdict'],
  ['g', 'to the matrix; there:'],
  ['arrows', 'to the next cell; with shift ten; beyond the edge the heads of rows and columns'],
  ['Enter', 'opens the pair, the host or the group'],
  ['w', 'to the next of the worst cells'],
  ['+ − 0', 'larger, smaller, all'],
  ['t', 'light, dark, as the system'],
  ['Esc', 'closes this, and goes back from a page'],
  ['?', 'this'],
];

/** What can be done without a mouse. */
export function Keys({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={onClose} onClick={(e) => e.target === dialog.current && dialog.current?.close()}>
      <h2 id="keys-title">Keys</h2>
      <dl>
        {keys.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
