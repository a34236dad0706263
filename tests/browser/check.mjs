// What the report does in a real browser: node check.mjs MODULES CHROMIUM REPORT.html...
//
// MODULES is the folder whose node_modules hold playwright-core and axe-core. Each check is a line "ok" or "not ok"; the
// last line is "test result: N passed; N failed", as cargo writes it.
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, executablePath, ...reports] = process.argv.slice(2);
const load = createRequire(resolve(modules, "package.json"));
const { chromium } = load("playwright-core");
const axe = load.resolve("axe-core/axe.min.js");

const WIDTHS = [390, 768, 1280];
// Reports that are checked side by side: a page computes on one core.
const ABREAST = Math.min(availableParallelism(), 4);
const counts = { passed: 0, failed: 0 };

/// A list of checks of one report, and the lines that say how they went.
function checklist() {
  const lines = [];
  const check = (what, problems) => {
    counts[problems.length === 0 ? "passed" : "failed"] += 1;
    lines.push(`${problems.length === 0 ? "ok" : "not ok"} - ${what}`);
    lines.push(...problems.slice(0, 12).map((problem) => `    ${problem}`));
    if (problems.length > 12) lines.push(`    and ${problems.length - 12} more`);
  };
  return { check, lines };
}

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/// A page with the network off that remembers what went wrong.
async function open(report, options) {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(resolve(report)).href;
  const errors = [];
  const requests = [];
  page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") errors.push(message.text()); });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => { if (request.url() !== address) requests.push(request.url()); });
  await page.goto(address);
  return { context, page, errors, requests };
}

/// The charts that are shown, each with its size and what overflows it.
const charts = (page) => page.evaluate(() => [...document.querySelectorAll("svg.chart")]
  .filter((svg) => svg.getClientRects().length > 0)
  .map((svg) => {
    const box = svg.getBoundingClientRect();
    const inside = (inner) => inner.left >= box.left - 1 && inner.right <= box.right + 1 && inner.top >= box.top - 1 && inner.bottom <= box.bottom + 1;
    const texts = [...svg.querySelectorAll("text")].map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
    const outside = texts.filter((text) => !inside(text.box)).map((text) => text.words);
    const covered = [];
    for (const [at, one] of texts.entries()) {
      for (const other of texts.slice(at + 1)) {
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // Line boxes of neighbors may touch; letters may not.
        if (across > 1 && down > 0.35 * Math.min(one.box.height, other.box.height)) covered.push(`${one.words} | ${other.words}`);
      }
    }
    return { name: svg.getAttribute("aria-label"), width: box.width, height: box.height, outside, covered };
  }));

/// Boxes of text that hold more than they show; those that scroll are meant to.
const overflowing = (page) => page.evaluate(() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll("main *")) {
    if (element.closest("svg, .scroll, details:not([open]) > :not(summary)") || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    if (style.display === "inline" || ["auto", "scroll"].includes(style.overflowX)) continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
      found.push(`${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 60)}`);
    }
  }
  for (const cell of document.querySelectorAll(".scroll th, .scroll td")) {
    if (cell.getClientRects().length > 0 && cell.scrollWidth > cell.clientWidth + 1) found.push(`cell: ${cell.textContent.trim().slice(0, 60)}`);
  }
  return found;
});

async function accessible(page) {
  await page.addScriptTag({ path: axe });
  // Every rule runs. What passes is not described: thousands of marks, each with its path, would be carried over for nothing.
  const violations = await page.evaluate(async () => (await axe.run(document, { resultTypes: ["violations"] })).violations);
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} ${node.failureSummary.split("\n")[1] ?? ""}`));
}

/// Every check of one report; the lines that say how they went.
async function checked(report) {
  const name = basename(dirname(resolve(report)));
  const { check, lines } = checklist();
  for (const width of WIDTHS) {
    const { context, page, errors, requests } = await open(report, { viewport: { width, height: 900 } });
    for (const details of await page.$$("details")) await details.evaluate((element) => { element.open = true; });
    const shown = await charts(page);
    check(`${name}, ${width} px: charts are there`, shown.length > 0 ? [] : ["none"]);
    check(`${name}, ${width} px: every chart has a size`, shown.filter((chart) => chart.width < 50 || chart.height < 20).map((chart) => chart.name));
    check(`${name}, ${width} px: no text leaves its chart`, shown.flatMap((chart) => chart.outside.map((words) => `${chart.name}: ${words}`)));
    check(`${name}, ${width} px: no text covers another`, shown.flatMap((chart) => chart.covered.map((words) => `${chart.name}: ${words}`)));
    check(`${name}, ${width} px: no text overflows its box`, await overflowing(page));
    check(`${name}, ${width} px: no error on the console`, errors);
    check(`${name}, ${width} px: no request`, requests);
    await context.close();
  }
  for (const colorScheme of ["light", "dark"]) {
    // The policy of the page would keep the checker out.
    const { context, page } = await open(report, { viewport: { width: 1280, height: 900 }, colorScheme, bypassCSP: true });
    for (const details of await page.$$("details")) await details.evaluate((element) => { element.open = true; });
    check(`${name}, ${colorScheme}: axe finds nothing`, await accessible(page));
    await context.close();
  }
  await keyboard(check, report, name);
  await printed(check, report, name);
  return lines;
}

/// The arrows go from mark to mark, and each mark says itself.
async function keyboard(check, report, name) {
  const { context, page } = await open(report, { viewport: { width: 1280, height: 900 } });
  const drawing = page.locator(".drawing:visible").nth(1);
  await drawing.focus();
  await page.keyboard.press("ArrowRight");
  const first = await page.locator(".tip").textContent();
  await page.keyboard.press("ArrowRight");
  const second = await page.locator(".tip").textContent();
  const problems = [];
  if (!first) problems.push("no tip on the first mark");
  if (first === second) problems.push(`the second mark says the same: ${second}`);
  await page.keyboard.press("Escape");
  if (await page.locator(".tip").isVisible()) problems.push("Escape leaves the tip");
  check(`${name}: marks are reached with the keyboard`, problems);
  await context.close();
}

/// On paper every chart is whole, inside the page, and light.
async function printed(check, report, name) {
  // A4 less 12 mm on each side, in CSS pixels.
  const paper = { width: 703, height: 1031 };
  const { context, page } = await open(report, { viewport: paper, colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const shown = await charts(page);
  const problems = shown.filter((chart) => chart.width > paper.width + 1 || chart.height > paper.height).map((chart) => `${chart.name} is ${Math.round(chart.width)} x ${Math.round(chart.height)}`);
  const divided = await page.evaluate(() => [...document.querySelectorAll("figure")]
    .filter((figure) => getComputedStyle(figure).breakInside !== "avoid")
    .map((figure) => figure.textContent.slice(0, 40)));
  check(`${name}, print: charts are there`, shown.length > 0 ? [] : ["none"]);
  check(`${name}, print: every chart is whole`, [...problems, ...divided]);
  check(`${name}, print: no text leaves its chart`, shown.flatMap((chart) => chart.outside.map((words) => `${chart.name}: ${words}`)));
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(`${name}, print: the paper is white`, ground === "rgb(255, 255, 255)" ? [] : [ground]);
  await context.close();
}

const waiting = [...reports];
await Promise.all(Array.from({ length: ABREAST }, async () => {
  while (waiting.length > 0) console.log((await checked(waiting.shift())).join("\n"));
}));
await browser.close();
console.log(`test result: ${counts.passed} passed; ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
