// What @bpmn-io/feelin, the FEEL of the browser editors, answers. Standard input: a JSON list of
// {source, scope, tests}; standard output: a JSON list of answers, {error} or {value}, with kinds made visible.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { evaluate, unaryTest } = await import(createRequire(process.argv[2]).resolve("@bpmn-io/feelin"));

function visible(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return { number: String(value) };
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "function") return { function: true };
  if (Array.isArray(value)) return value.map(visible);
  const name = value.constructor?.name;
  if (name === "FunctionWrapper") return { function: true };
  if (name === "Range") {
    return { range: [visible(value.start), visible(value.end), value["start included"], value["end included"]] };
  }
  if (name === "DateTime" || name === "Duration") return { time: evaluate("string(v)", { v: value }).value };
  return { context: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visible(item)])) };
}

function answer({ source, scope, tests }) {
  try {
    return { value: visible((tests ? unaryTest : evaluate)(source, scope).value) };
  } catch (error) {
    return { error: String(error.message) };
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(answer)));
