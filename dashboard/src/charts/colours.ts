/** Lines in the colours of Okabe and Ito's palette, made a little darker or lighter for the ground; each has a dash of its own besides. */
export const chartColours = {
  light: ['#0067a8', '#c2510a', '#00805e', '#8f3f78', '#7a6200', '#4f5b69'],
  dark: ['#62b5ee', '#f29a54', '#3cc79f', '#dc94c3', '#e6cf55', '#a7b2bf'],
} as const;

export const lineDashes: readonly number[][] = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], []];
