#!/usr/bin/env node
// Compares the visible text of pages by our tree with that by parse5, an independent HTML5 parser:
//     node tests/html/check.mjs VISIBLE_TEXT_PROGRAM [SOUPS [SEED]]
// Pages: the snippets beside this file, the pages of deploy/demo and tests/golden, and tag soup from a seeded generator.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, "..", "..");
const { parse } = await import(join(process.env.COPYDESK_NODE_MODULES ?? join(folder, "node_modules"), "parse5", "dist", "index.js"));
const [program, soups = "3000", seed = "20261124"] = process.argv.slice(2);

// --- pages ---------------------------------------------------------------------------------------

// A snippet is what stands between two lines of "%%".
const snippets = () =>
  readFileSync(join(folder, "snippets.txt"), "utf8").split(/^%%\n/m).slice(1).map((html, i) => ({ name: `snippet ${i + 1}`, html }));

const files = ["deploy/demo", "tests/golden/input", "tests/golden/pages"]
  .map((name) => join(root, name))
  .filter(existsSync)
  .flatMap((path) => readdirSync(path).filter((name) => /\.x?html?$/.test(name)).map((name) => join(path, name)))
  .map((path) => ({ name: path.slice(root.length + 1), html: readFileSync(path, "utf8") })); // other charsets are odd text here, the same for both

// Marsaglia's xorshift: the same soup everywhere.
function generator(state) {
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const TAGS = ("a b i em nobr font span code div p h1 h2 ul ol li dl dt dd blockquote pre address section table tbody thead tfoot tr td th " +
  "caption colgroup col form button select option optgroup textarea input br hr img svg math mi mtext desc foreignObject annotation-xml " +
  "title style script template object marquee applet ruby rt rp rb rtc xmp center x-unknown y-unknown label main noscript iframe").split(" ");
const INSIDES = ["text", " ", "x &amp; y", "&lt;b&gt;", "<!-- c -->", "a\nb", "&nbsp;", "<![CDATA[data]]>", "1 < 2", "&notin;&not it", "</ >", "<>"];

function soup(random) {
  let html = random(3) ? "<!doctype html>" : "";
  for (let i = 2 + random(24); i > 0; i--) {
    const tag = TAGS[random(TAGS.length)];
    const kind = random(10);
    if (kind < 5) html += `<${tag}${random(8) ? "" : ' class="c" type=hidden'}${random(20) ? "" : "/"}>`;
    else if (kind < 8) html += `</${tag}>`;
    if (random(3)) html += `t${i}`;
    else html += INSIDES[random(INSIDES.length)];
  }
  return html;
}

const random = generator(Number(seed));
const generated = Array.from({ length: Number(soups) }, (_, i) => ({ name: `soup ${i + 1}`, html: soup(random) }));

// --- both texts ----------------------------------------------------------------------------------

const pages = [...snippets(), ...files, ...generated];
const done = spawnSync(program, { input: pages.map((page) => JSON.stringify(page.html) + "\n").join(""), maxBuffer: 1 << 30 });
if (done.status !== 0) {
  console.error(`${program}: exit ${done.status}: ${done.stderr}`);
  process.exit(1);
}
const lines = done.stdout.toString("utf8").trimEnd().split("\n");
const { lines: breaking, hidden } = JSON.parse(lines.shift());
const isLine = new Set(breaking);
const isHidden = new Set(hidden);

function textOf(node) {
  if (node.nodeName === "#text") return node.value;
  if (isHidden.has(node.tagName)) return "";
  const inside = (node.childNodes ?? []).map(textOf).join("");
  return isLine.has(node.tagName) ? `\x01${inside}\x01` : inside;
}

// White space as a reader sees it: runs are one space, breaks one line end.
const fold = (text) => text.replace(/[ \t\n\f\r]+/g, " ").replace(/ ?\x01[ \x01]*/g, "\n").trim();

// Where we differ on purpose; docs/html.md says why. Only soup may, and only so much of it.
const DELIBERATE = [
  { reason: "formatting cut off by a block is not opened again", holds: (html) => /<(a|b|i|em|nobr|font|code)\b/.test(html) && /<(r[bpt]|rtc|form|table)\b/.test(html) },
  { reason: "</thead> in a row without one: parse5 ends the row, the standard ignores it", holds: (html) => /<\/(thead|tfoot|tbody)>/.test(html) },
  { reason: "CDATA directly in an integration point: text by the standard, a comment in parse5", holds: (html) => /<math|<svg/.test(html) && /CDATA/.test(html) },
  { reason: "</title> and </desc> inside HTML in SVG: parse5 closes the SVG element, the standard ignores it", holds: (html) => /<svg/.test(html) && /<\/(title|desc)>/.test(html) },
  { reason: "in a template, which is not shown, tags are read as in the body", holds: (html) => /<template/.test(html) && /<(col|t[dhr]|tbody)/.test(html) },
];
const EXCUSED_SHARE_MAX = 1 / 1000;
let excused = 0;

let wrong = 0;
pages.forEach(({ name, html }, i) => {
  const theirs = fold(textOf(parse(html)));
  const ours = fold(JSON.parse(lines[i]));
  if (ours === theirs) return;
  const deliberate = name.startsWith("soup") && DELIBERATE.find(({ holds }) => holds(html));
  if (deliberate && ++excused <= EXCUSED_SHARE_MAX * generated.length) {
    console.log(`${name}: ${deliberate.reason}`);
    return;
  }
  if (++wrong <= 20) console.log(`${name}: ${JSON.stringify(html.slice(0, 600))}\n  parse5 ${JSON.stringify(theirs.slice(0, 400))}\n  ours   ${JSON.stringify(ours.slice(0, 400))}`);
});
console.log(`${snippets().length} snippets, ${files.length} pages, ${generated.length} soups: ${pages.length - wrong - excused} agree with parse5, ${excused} differ on purpose, ${wrong} are wrong`);
process.exit(wrong || snippets().length < 60 ? 1 : 0);
