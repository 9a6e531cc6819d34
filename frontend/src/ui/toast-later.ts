/** `toastError` for code of the first page, which the toasts do not belong to. */
export async function toastError(error: unknown) {
  try {
    const toast = await import('./toast');
    toast.toastError(error);
  } catch {
    // The server is away, and the banner says so.
  }
}
