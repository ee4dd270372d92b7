// Builds the browser bundle into app/static/dist: hashed names, pre-gzipped copies, manifest.json (plain name -> hashed name).
// Run through `python -m app.assets`, which finds node and installs the pinned packages first.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const modules = join(here, "node_modules");
const manifest = {};

const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 10);

function publish(name, data) {
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}-${hash(data)}${name.slice(dot)}`;
  writeFileSync(join(out, hashed), data);
  if (/\.(js|mjs|css|svg)$/.test(name)) writeFileSync(join(out, `${hashed}.gz`), gzipSync(data, { level: 9 }));
  manifest[name] = hashed;
  return hashed;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

// Scripts: every src/*.js is an entry of its own; what it imports travels with it.
const entries = readdirSync(join(here, "src")).filter((name) => name.endsWith(".js"));
const result = await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => `src/${name}`),
  outdir: out,
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16"],
  loader: { ".svg": "dataurl", ".woff": "empty", ".woff2": "empty", ".ttf": "empty", ".eot": "empty" },
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "eof",
  logLevel: "warning",
});
for (const file of result.outputFiles) publish(file.path.slice(out.length + 1), Buffer.from(file.contents));

// The PDF reader's worker must be a file of its own.
publish("pdf-worker.js", readFileSync(join(modules, "pdfjs-dist/legacy/build/pdf.worker.min.mjs")));

// Sarabun: only the two weights and two scripts in use; the style sheet is made here so that a missing bundle asks for no missing files.
const ranges = {
  thai: "U+02D7, U+0303, U+0331, U+0E01-0E5B, U+200C-200D, U+25CC",
  latin: "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-200B, U+200E-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
};
let faces = "";
for (const weight of [400, 600]) {
  for (const [script, range] of Object.entries(ranges)) {
    const file = readFileSync(join(modules, "@fontsource/sarabun/files", `sarabun-${script}-${weight}-normal.woff2`));
    const name = publish(`sarabun-${script}-${weight}.woff2`, file);
    faces += `@font-face{font-family:Sarabun;font-style:normal;font-weight:${weight};font-display:swap;src:url(${name}) format("woff2");unicode-range:${range}}\n`;
  }
}
publish("fonts.css", Buffer.from(faces));
for (const licence of ["@fontsource/sarabun/LICENSE", "bpmn-js/LICENSE", "htmx.org/LICENSE", "pdfjs-dist/LICENSE"]) {
  if (existsSync(join(modules, licence))) cpSync(join(modules, licence), join(out, `LICENSE-${licence.split("/").at(-2)}.txt`));
}

writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
for (const [name, file] of Object.entries(manifest)) {
  const data = readFileSync(join(out, file));
  console.log(`${name.padEnd(28)} ${(data.length / 1024).toFixed(1).padStart(8)} kB  ${(gzipSync(data).length / 1024).toFixed(1).padStart(7)} kB gzip`);
}
