import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

import { inlineOperations } from "./scripts/inline-operations.mjs";

// `npm run dev` sends what is not a file of the console to a running server.
const server = process.env["PORTCULLIS_URL"] ?? "http://127.0.0.1:8000";
const proxied = ["/graphql", "/schema.graphql", "/oauth", "/.well-known", "/healthz", "/readyz"];

export default defineConfig({
  plugins: [
    vue(),
    inlineOperations(new URL("src/", import.meta.url).pathname),
    {
      // The fonts of GraphiQL are data URLs of 360 KB; the console uses those of the system.
      name: "without-fonts",
      enforce: "pre",
      transform: (code, id) => (id.includes("graphiql/dist/style.css") ? code.replace(/@font-face\s*\{[^}]*\}/g, "") : null),
    },
  ],
  resolve: {
    alias: { "react-style-singleton": new URL("src/explore/no-style.ts", import.meta.url).pathname },
  },
  // Relative, so that the console works under any path; the server adds `../` for deeper pages.
  base: "",
  build: {
    assetsDir: "console",
    target: "es2022",
    modulePreload: { polyfill: false },
    // Data URLs are refused by the content security policy, except those of images.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    reportCompressedSize: false,
    // GraphiQL, which only its page loads.
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      // React's "use client" in the packages of GraphiQL has no meaning here.
      onwarn: (warning, warn) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && warn(warning),
    },
    // The licences of the packages in the bundle, which have to accompany it.
    license: { fileName: "licenses.md" },
  },
  server: {
    // Only as a prefix of whole segments: `/graphql` but not `/graphql.ts`. The origin is kept, which the server checks.
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, ws: path === "/graphql" }])),
  },
  test: { include: ["src/**/*.test.ts", "scripts/**/*.test.mjs"] },
} as import("vite").UserConfig & { test: object });
