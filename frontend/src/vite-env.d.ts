/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Origin of the API when the app is hosted apart from it, e.g. https://api.example.org */
  readonly VITE_API_URL?: string;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}
