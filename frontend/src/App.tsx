import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { createQueryClient } from './api/query-client';
import { cspNonce } from './lib/nonce';
import { createAppRouter } from './router';
import { cssVariablesResolver, theme } from './theme/theme';

// Toasts come after the first page: nothing needs them before.
const Toasts = lazy(() => import('./ui/Toasts'));
const toastError = (error: Error) =>
  void import('./ui/toast').then((toast) => toast.toastError(error));

const colorScheme = localStorageColorSchemeManager({ key: 'roster-color-scheme' });

export function App() {
  const [queryClient] = useState(() => createQueryClient(toastError));
  const [router] = useState(() => createAppRouter(queryClient));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      getStyleNonce={cspNonce}
      deduplicateInlineStyles
    >
      <QueryClientProvider client={queryClient}>
        <Suspense>
          <Toasts />
        </Suspense>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
