// The picture of the README: node picture.mjs MODULES CHROMIUM REPORT.html PICTURE.png takes the top of a report.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, executablePath, report, picture] = process.argv.slice(2);
const { chromium } = createRequire(resolve(modules, "package.json"))("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1180, height: 1180 }, colorScheme: "light" });
await page.goto(pathToFileURL(resolve(report)).href);
await page.evaluate(() => document.querySelector("nav").remove());
await page.screenshot({ path: picture });
await browser.close();
