// Bundles the editor: npm ci && npm run build. With --check it compares the bundle that is
// there with what it would write.
import {build} from "esbuild";
import {createHash} from "node:crypto";
import {readFileSync, readdirSync, writeFileSync, existsSync} from "node:fs";
import {join} from "node:path";

const result = await build({
  entryPoints: ["editor.mjs"], bundle: true, minify: true, format: "esm", target: "es2022", write: false, metafile: true, legalComments: "none",
});

// The packages that are in the bundle, with their licences.
const packages = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
  const m = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input);
  if (m) packages.set(m[2], m[1]);
}
let notice = "The editor (editor.js) is a bundle of these packages. Each is under the MIT licence.\n";
for (const [name, folder] of [...packages].sort()) {
  const {version, license} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (license !== "MIT") throw new Error(`${name} is under ${license}, not MIT`);
  const file = readdirSync(folder).find(f => /^licen[cs]e/i.test(f));
  if (!file) throw new Error(`${name} has no licence file`);
  notice += `\n---- ${name} ${version} ----\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

// What the bundle is made of: a test compares it without npm.
const hash = createHash("sha256");
for (const name of ["package.json", "package-lock.json", "build.mjs", "editor.mjs"]) hash.update(readFileSync(name));
const head = `/* Made by npm run build in page/editor. Licences: editor.LICENSE.txt. Sources: ${hash.digest("hex")} */`;

const out = {"../static/editor.js": `${head}\n${result.outputFiles[0].text}`, "../static/editor.LICENSE.txt": notice};
for (const [name, text] of Object.entries(out)) {
  if (!process.argv.includes("--check")) writeFileSync(name, text);
  else if (!existsSync(name) || readFileSync(name, "utf8") !== text) {
    console.error(`${name} is not what the lock file's packages make: npm ci && npm run build`);
    process.exitCode = 1;
  }
}
