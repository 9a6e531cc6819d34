import { fileURLToPath } from 'node:url';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { compression } from 'vite-plugin-compression2';
import { defineConfig } from 'vitest/config';

const api = process.env.ROSTER_API ?? 'http://127.0.0.1:8000';

export default defineConfig(({ command, mode }) => ({
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: mode !== 'test',
      quoteStyle: 'single',
      routeFileIgnorePattern: '\\.(test|module)\\.',
    }),
    react(),
    compression({
      algorithms: ['gzip', 'brotliCompress'],
      include: /\.(html|js|css|svg|txt|json)$/,
      // The server writes a nonce into each index.html that it sends.
      exclude: /index\.html$/,
      threshold: 512,
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // In development no policy is sent, so the placeholder would only get in the way.
  html: command === 'build' ? { cspNonce: '__CSP_NONCE__' } : {},
  build: {
    target: 'es2023',
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    manifest: true,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(
      ['/api', '/health', '/problems', '/docs'].map((path) => [
        path,
        { target: api, ws: path === '/api' },
      ]),
    ),
  },
  test: {
    environment: 'happy-dom',
    setupFiles: './src/test/setup.ts',
    css: false,
    // Files share a process and what it has loaded: setup.ts leaves nothing behind.
    isolate: false,
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    coverage: { provider: 'v8', include: ['src/**'] },
  },
}));
