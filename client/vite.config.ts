import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";
import { documentsInPlace } from "./vite.documents";

const server = process.env.SHOAL_PUBLIC_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [documentsInPlace(), react(), tailwindcss()],
  // RxJS has a build for today's browsers under this name.
  resolve: { conditions: ["es2015", ...defaultClientConditions] },
  // Monaco alone is several megabytes; it is loaded once and cached for good by its hashed name.
  build: { chunkSizeWarningLimit: 8_000 },
  server: {
    port: 3000,
    // GraphiQL tells prices by the schema's own file.
    fs: { allow: [".", "../schema"] },
    // The Host header stays ours, so that the server sees one origin for page and API.
    proxy: { "/graphql": { target: server, ws: true, changeOrigin: false } },
  },
});
