/** How long drawing took, the last frames of it: for the bench, and for whoever wonders in the browser's console (meshpulseFrames). */
export const frames = {
  times: [] as number[],
  add(ms: number): void {
    this.times.push(ms);
    if (this.times.length > 600) this.times.splice(0, 300);
  },
};

(globalThis as { meshpulseFrames?: typeof frames }).meshpulseFrames = frames;
