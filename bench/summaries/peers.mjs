// Summaries of the npm packages: reads JSON lines with "id" and "text", writes
// for each package a file of predictions, and its milliseconds in all to
// standard output as JSON. At most three sentences and 60 words: a package's
// sentences in its order of rank, so long as they fit, shown in the order of
// the article.
//
//   node peers.mjs ARTICLES.jsonl FOLDER
import { createRequire } from "node:module";
import fs from "node:fs";

const require = createRequire(import.meta.url);
const lexrank = require("lexrank");
const { SummarizerManager } = require("node-summarizer");

const [articles, folder] = process.argv.slice(2);
const rows = fs.readFileSync(articles, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

// The packages print what went wrong; standard output is for the figures.
console.log = console.error;

const size = (s) => s.split(/\s+/).filter(Boolean).length;

function fit(ranked, text) {
  const chosen = [];
  let words = 0;
  for (const s of ranked.map((s) => s.trim()).filter(Boolean)) {
    if (chosen.length < 3 && words + size(s) <= 60) {
      chosen.push(s);
      words += size(s);
    }
  }
  return chosen.sort((a, b) => text.indexOf(a) - text.indexOf(b));
}

// How many sentences a package may offer for the three that fit.
const offered = 8;

const packages = {
  lexrank: async (text) => {
    const top = await new Promise((done, failed) => lexrank.summarize(text, offered, (err, top) => (err ? failed(err) : done(top))));
    return [...top].sort((a, b) => b.weight.average - a.weight.average).map((s) => s.text);
  },
  // It gives its sentences joined, best first: those of a summary longer by one
  // than the last are the next in rank. Its time is that of one call.
  "node-summarizer": async (text, timed) => {
    const of = async (n) => (await new SummarizerManager(text, n).getSummaryByRank()).summary;
    await timed(() => of(3));
    const ranked = [];
    for (let n = 1, before = ""; n <= offered; n++) {
      const now = await of(n);
      ranked.push(now.slice(before.length));
      before = now;
    }
    return ranked;
  },
};

const took = {};
for (const [name, summarise] of Object.entries(packages)) {
  const out = [];
  let failed = 0;
  let whole = 0;
  let part = 0;
  const clock = async (work) => {
    const began = process.hrtime.bigint();
    const made = await work();
    return [made, Number(process.hrtime.bigint() - began) / 1e6];
  };
  for (const row of rows) {
    // One paragraph: both packages take line ends for parts of a sentence.
    const text = row.text.replace(/\s+/g, " ");
    let sentences = [];
    try {
      const [ranked, ms] = await clock(() =>
        summarise(text, async (work) => {
          const [, once] = await clock(work);
          part += once;
        }),
      );
      whole += ms;
      sentences = fit(ranked, text);
    } catch {
      failed++; // an empty summary
    }
    out.push(JSON.stringify({ id: row.id, sentences }));
  }
  if (failed > 0) {
    console.error(`${name} failed on ${failed} of ${rows.length} articles`);
  }
  took[name] = part || whole;
  fs.writeFileSync(`${folder}/${name}.jsonl`, out.join("\n") + "\n");
}
process.stdout.write(JSON.stringify(took) + "\n");
