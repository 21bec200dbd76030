import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

/** Puts a .br and a .gz beside every file, so that an agent never compresses anything. */
function compressed() {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true })) {
        const file = join(folder, name);
        if (!statSync(file).isFile() || /\.(br|gz)$/.test(name)) continue;
        const bytes = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  // Relative, so that a proxy may serve an agent below a path of its own.
  base: './',
  build: {
    outDir: process.env.DASHBOARD_OUT ?? '../artifacts/dashboard/dist',
    emptyOutDir: true,
    assetsDir: 'ui',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    cssTarget: 'chrome123',
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [compressed()],
  server: { proxy: { '/api': process.env.DASHBOARD_AGENT ?? 'http://127.0.0.1:12280' } },
});
