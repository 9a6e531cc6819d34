import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createQueryClient } from './api/query-client';
import { cspNonce } from './lib/nonce';
import { useCode } from './lib/use-code';
import { createAppRouter } from './router';
import { cssVariablesResolver, theme } from './theme/theme';
import { toastError } from './ui/toast-later';

// Toasts come after the first page: nothing needs them before.
const toasts = () => import('./ui/Toasts');

const colorScheme = localStorageColorSchemeManager({ key: 'roster-color-scheme' });

export function App() {
  const [queryClient] = useState(() => createQueryClient(toastError));
  const Toasts = useCode(toasts, true);
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
        {Toasts && <Toasts />}
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
