// Builds ../static/built/NAME.js from each src/NAME.ts; what they share lies in folders below src. The same sources give
// the same bytes; the first line of each names the sources by a hash, so that a test can tell a stale one without Node.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.env.OUT_FOLDER ?? join(here, "..", "static", "built");

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

mkdirSync(out, { recursive: true });
const banner = `/*! Motenashi pages; sources ${sourcesHash()} */`;
for (const file of readdirSync(join(here, "src")).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [join("src", file)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    charset: "utf8",
    target: ["chrome108", "firefox108", "safari16.4"],
    legalComments: "none",
    banner: { js: banner },
  });
  writeFileSync(join(out, file.replace(/\.ts$/, ".js")), outputFiles[0].contents);
}
