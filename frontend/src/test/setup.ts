import '@testing-library/jest-dom/vitest';
import { notifications } from '@mantine/notifications';
import { cleanup } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { reportAnswer } from '@/api/network';
import { reset } from '@/api/session';
import { server } from './server';

// Every browser gives a file that was picked alone an empty path; jsdom gives none.
Object.defineProperty(File.prototype, 'webkitRelativePath', {
  configurable: true,
  value: '',
});

// Nor has it fonts, whose loading fields that grow listen to.
Object.defineProperty(document, 'fonts', {
  configurable: true,
  value: new EventTarget(),
});

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));

// A warning is a mistake: React's act() and key warnings fail the test that caused them.
beforeEach(() => {
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((...args: unknown[]) => {
      throw new Error(`console.${level}: ${args.map(String).join(' ')}`);
    });
  }
});

afterEach(() => {
  cleanup();
  notifications.clean();
  notifications.cleanQueue();
  server.resetHandlers();
  localStorage.clear();
  sessionStorage.clear();
  reset();
  reportAnswer(true);
});

afterAll(() => server.close());
