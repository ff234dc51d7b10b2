// ESLint on scripts of the page: node tests/maps/lint.mjs LINTER SCRIPT..., where LINTER is linter.mjs of eslint-linter-browserify.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import own from "./eslint.config.mjs";

const [linter, ...scripts] = process.argv.slice(2);
const { Linter } = await import(pathToFileURL(linter));
const rules = new Linter({ configType: "eslintrc" }).getRules();
const recommended = Object.fromEntries([...rules].filter(([, { meta }]) => meta.docs.recommended).map(([name]) => [name, "error"]));

let problems = 0;
for (const script of scripts) {
  const found = new Linter().verify(readFileSync(script, "utf8"), [{ rules: recommended }, ...own], { filename: basename(script) });
  for (const { line, column, message, ruleId } of found) console.log(`${basename(script)}:${line}:${column}: ${message} (${ruleId})`);
  problems += found.length;
}
process.exitCode = problems ? 1 : 0;
