// Builds ../static/chat.js, ../static/visits.js and ../static/widget.js. The same sources give the same bytes; the first line of each names
// the sources by a hash, so that a test can tell a stale bundle without Node.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.env.OUT_FOLDER ?? join(here, "..", "static");

// Every file of src/ by its path, then this file and the versions it builds with.
function sourcesHash() {
  const files = readdirSync(join(here, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(here, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    )
    .concat("build.mjs", "package-lock.json")
    .sort();
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(here, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 32);
}

const minifiedCss = {
  name: "css as minified text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "safari16.4",
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function bundle(entry, format, define = {}) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format,
    charset: "utf8",
    target: ["chrome108", "firefox108", "safari16.4"],
    legalComments: "none",
    banner: { js: `/*! Motenashi chat box; sources ${sourcesHash()} */` },
    plugins: [minifiedCss],
    define,
  });
  return outputFiles[0].contents;
}

const named = (file, content) => `${file}.${createHash("sha256").update(content).digest("hex").slice(0, 16)}.js`;
const chat = await bundle("src/chat.ts", "esm");
const visits = await bundle("src/visits.ts", "esm");
const loader = await bundle("src/loader.ts", "iife", {
  CHAT_FILE: JSON.stringify(named("chat", chat)),
  VISITS_FILE: JSON.stringify(named("visits", visits)),
});
writeFileSync(join(out, "chat.js"), chat);
writeFileSync(join(out, "visits.js"), visits);
writeFileSync(join(out, "widget.js"), loader);
