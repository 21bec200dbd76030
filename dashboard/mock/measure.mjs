// @ts-check
/**
 * Measures the dashboard against the mock: bytes, time to the first picture, time of frames.
 *
 *   npm install --no-save playwright-core && npm run build && node mock/measure.mjs [NODES...]
 *
 * Each size is looked at for 15 s, twice: as it opens, and with every pair shown; all rows change every second. CHROMIUM names the browser.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @type {any} */
const { chromium } = await import('playwright-core');
const sizes = process.argv.length > 2 ? process.argv.slice(2) : ['5', '100', '1000'];
const faults = 'sender,receiver,datacenter,gone,maintenance,missing';
const quantile = (/** @type {number[]} */ values, /** @type {number} */ share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? NaN;

for (const size of sizes) {
  const mock = spawn(process.execPath, [new URL('server.mjs', import.meta.url).pathname, '--nodes', size, '--port', '0', '--faults', faults, '--changing', '1', ...(process.env.DASHBOARD_OUT ? ['--dist', process.env.DASHBOARD_OUT] : [])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(mock.stdout, 'data');
  const address = String(line).trim();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const show of ['', '?show=pairs']) {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    // Processor time of the page's thread, not time that passes: what others do on the machine is not in it.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async () => (await session.send('Performance.getMetrics')).metrics.find((/** @type {{ name: string }} */ m) => m.name === 'TaskDuration').value;
    let bytes = 0;
    session.on('Network.dataReceived', (/** @type {{ encodedDataLength: number }} */ e) => (bytes += e.encodedDataLength));
    await page.goto(`${address}#/matrix${show}`);
    await page.waitForFunction(() => /** @type {any} */ (globalThis).meshpulseFrames?.times.length > 0, null, { polling: 20 });
    const first = await page.evaluate(() => performance.now());
    await page.waitForTimeout(3_000);
    const before = bytes;
    const busyBefore = await busy();
    await page.evaluate(() => {
      const own = /** @type {any} */ (globalThis);
      own.meshpulseFrames.times.length = 0;
      own.gaps = [];
      let last = performance.now();
      const tick = () => {
        const now = performance.now();
        own.gaps.push(now - last);
        last = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    await page.waitForTimeout(15_000);
    const share = (await busy()) - busyBefore;
    const { times, gaps, heap } = await page.evaluate(() => ({ times: [.../** @type {any} */ (globalThis).meshpulseFrames.times], gaps: /** @type {any} */ (globalThis).gaps, heap: /** @type {any} */ (performance).memory?.usedJSHeapSize }));
    console.log(
      `${size} nodes${show ? ', every pair' : ''}: first picture ${first.toFixed(0)} ms; drawing median ${quantile(times, 0.5).toFixed(1)}, 99 % ${quantile(times, 0.99).toFixed(1)} ms (${times.length} drawn); between frames median ${quantile(gaps, 0.5).toFixed(1)}, 99 % ${quantile(gaps, 0.99).toFixed(1)}, longest ${quantile(gaps, 1).toFixed(0)} ms; ${((bytes - before) / 15_000).toFixed(1)} kB/s; processor ${((share / 15) * 100).toFixed(1)} % of a core; heap ${(heap / 1e6).toFixed(0)} MB`,
    );
    await page.close();
  }
  await browser.close();
  mock.kill();
}
