import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const STATIC = new URL("../../static/", import.meta.url);
const vendored = JSON.parse(readFileSync(new URL("vendor/manifest.json", STATIC), "utf8"));
const IMPORT = /\bimport\s*(?:[^"'();]*?\sfrom\s*)?\(?\s*"([^"]+)"\)?(;?)/g;

const modules = new Map(
  readdirSync(new URL("js/", STATIC), { recursive: true })
    .filter((file) => file.endsWith(".js"))
    .map((file) => [`#${file.replace(/\.js$/, "")}`, read(`js/${file}`)]),
);

function read(file) {
  return readFileSync(new URL(file, STATIC), "utf8");
}

function importsOf(source, { lazyToo = true } = {}) {
  return [...source.matchAll(IMPORT)]
    .filter(([statement]) => lazyToo || !statement.includes("("))
    .map(([, name]) => name);
}

test("Every module is imported by a bare name that the import map knows", () => {
  for (const [name, source] of modules) {
    for (const wanted of importsOf(source))
      assert.ok(modules.has(wanted) || wanted in vendored, `${name}: ${wanted}`);
  }
});

test("Every import statement ends with a semicolon, or it is not hashed", () => {
  for (const [name, source] of modules) {
    for (const [statement, , end] of source.matchAll(/^(?:import\s[^;"]*?"([^"]+)")(;?)/gm))
      assert.equal(end, ";", `${name}: ${statement}`);
  }
});

test("No module imports itself in a circle", () => {
  const done = new Set();
  for (const name of modules.keys()) walk(name, [], done);
});

function walk(name, path, done) {
  assert.ok(!path.includes(name), [...path, name].join(" -> "));
  if (done.has(name) || !modules.has(name)) return;
  for (const next of importsOf(modules.get(name), { lazyToo: false }))
    walk(next, [...path, name], done);
  done.add(name);
}

test("The live kernel knows nothing of chat, and what is shared knows neither", () => {
  const allowed = {
    live: ["live", "lib"],
    lib: ["lib"],
    push: ["push", "live", "lib"],
    inbox: ["inbox", "push", "live", "lib"],
    chat: ["chat", "inbox", "live", "lib"],
  };
  for (const [name, source] of modules) {
    const area = name.slice(1).split("/")[0];
    const ours = importsOf(source).filter((wanted) => wanted.startsWith("#"));
    for (const wanted of ours)
      assert.ok(
        !(area in allowed) || allowed[area].includes(wanted.slice(1).split("/")[0]),
        `${name}: ${wanted}`,
      );
  }
});

test("Every vendored file is the one the manifest names, with its licence and without a source map", () => {
  for (const [name, { file, sha256, license }] of Object.entries(vendored)) {
    const content = read(`vendor/${file}`);
    assert.equal(createHash("sha256").update(content).digest("hex"), sha256, name);
    assert.ok(license && read(`vendor/${file.split("/")[0]}/LICENSE`).length > 0, name);
    assert.doesNotMatch(content, /sourceMappingURL/, name);
  }
});

test("Every icon that a page asks for is in the sprite, and the sprite holds no other", () => {
  const sprite = [...read("icons.svg").matchAll(/<symbol id="([^"]+)"/g)].map(([, id]) => id);
  const text = [...modules.values(), ...templates()].join("\n");
  const asked = [...text.matchAll(/"_icon\.html" with name="([^"]+)"|\bicon\("([^"]+)"\)/g)];
  for (const [, inPage, inScript] of asked) assert.ok(sprite.includes(inPage ?? inScript));
  for (const id of sprite) assert.match(text, new RegExp(`["#]${id}"`), id);
});

function templates() {
  const folder = new URL("../../templates/", import.meta.url);
  const pages = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".html"));
  return pages.map((file) => readFileSync(new URL(file, folder), "utf8"));
}
