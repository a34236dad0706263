// A table that is hard to draw: node many.mjs FOLDER writes many.csv, 12 kinds of customer in 40 columns with long names, and
// many.toml, the recipe that finds them. Drawn by a fixed generator, so every run writes the same bytes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const KINDS = 12;
const COLUMNS = 40;
const ROWS = 1200;

let state = 20140629;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const things = ["Household cleaning and laundry products", "Ready-made meals & frozen vegetables", "AnnualSubscriptionRenewals", "visits_to_the_branch_in_the_city_center", "Tickets, concerts <and> events"];
const names = Array.from({ length: COLUMNS }, (_, at) => `${things[at % things.length]} bought in quarter ${at + 1} of the loyalty program`);
const centers = Array.from({ length: KINDS }, () => names.map(() => 200 + 800 * random()));
const rows = Array.from({ length: ROWS }, (_, row) => {
  const center = centers[row % KINDS];
  return [`C${10000 + row}`, ...center.map((mean) => Math.max(0, mean + 60 * normal()).toFixed(2))];
});
const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
writeFileSync(join(process.argv[2], "many.csv"), [["customer number", ...names], ...rows].map((cells) => cells.map(quoted).join(",")).join("\n") + "\n");
const features = names.map((name) => `    ${JSON.stringify(name)},`).join("\n");
writeFileSync(join(process.argv[2], "many.toml"), `[input]\nid = "customer number"\n\n[segment]\nfeatures = [\n${features}\n]\nvalue = ${JSON.stringify(names[0])}\nk = ${KINDS}\n`);
