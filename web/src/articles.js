"use strict";
// The newest articles, raw and clean side by side, and the newest rejected records. What a record says is only ever text.

const articles = (() => {
  const KEPT_MAX = 20;
  const NAME_CHARACTERS = 80;
  const KINDS = { subject: "subject", person: "person", organisation: "organisation", place: "place", attribution: "cited source", quote: "quotation", date: "date" };
  const { make } = dom;
  const time = (ms) => make("time", { class: "when", datetime: new Date(ms).toISOString() }, format.clock(ms));

  // --- text ----------------------------------------------------------------------------------------

  // A piece is a plain text, or [text, kind, label]: "cut" with the rule that took it out, or a kind of evidence.
  const plainText = (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : piece[1] === "cut" ? "" : piece[0])).join("");

  function cut(text, rule) {
    return [make("del", {}, text), make("small", { class: "rule" }, ` ${rule} `)];
  }

  function rawPieces(pieces) {
    return pieces.flatMap((piece) => (typeof piece === "string" ? piece : piece[1] === "cut" ? cut(piece[0], piece[2]) : piece[0]));
  }

  function cleanPieces(pieces) {
    return pieces.flatMap((piece) => {
      if (typeof piece === "string") return piece;
      const [text, kind, label] = piece;
      return kind === "cut" ? [] : make("mark", { class: `mark-${kind}`, title: `${KINDS[kind] ?? kind}: ${label}` }, text);
    });
  }

  const isHeading = (block) => block.kind === "heading";

  // A headline is left out of the text because it is the title: nothing was lost.
  const isTitle = (block, title) => block.fate === "removed" && plainText(block.pieces) === title;

  function rawBlock(block, title) {
    if (isTitle(block, title)) return make("p", { class: "block heading", dir: "auto" }, title, make("small", { class: "soft" }, " the title"));
    const className = `block ${block.fate}${isHeading(block) ? " heading" : ""}`;
    if (block.fate === "kept") return make("p", { class: className, dir: "auto" }, ...rawPieces(block.pieces));
    const element = make("p", { class: className, dir: "auto" }, ...cut(plainText(block.pieces), block.rule));
    if (block.fate === "hidden") element.append(make("small", { class: "rule" }, "not visible on the page"));
    return element;
  }

  function cleanBlock(block) {
    const pieces = cleanPieces(block.pieces);
    return make("p", { class: isHeading(block) ? "heading" : undefined, dir: "auto" }, ...pieces);
  }

  // --- detail --------------------------------------------------------------------------------------

  function facts(rows) {
    const list = make("dl", { class: "facts" });
    for (const [label, value] of rows) if (value) list.append(make("div", {}, make("dt", {}, label), make("dd", { dir: "auto" }, value)));
    return list;
  }

  const counted = (list) => (list ?? []).map(([name, count]) => (count > 1 ? `${name} (${count})` : name)).join(", ");
  const headers = (item) => (item.headers ?? []).map(([name, value]) => `${name}: ${value ?? "null"}`).join("\n");

  function origin(item) {
    return [
      ["record", item.at],
      ["key", item.key],
      ["written", item.timestamp_ms ? new Date(item.timestamp_ms).toLocaleString("en-GB") : ""],
      ["headers", headers(item)],
    ];
  }

  function enrichedFacts(item) {
    return facts([
      ["source", [item.source?.name, item.source?.domain].filter(Boolean).join(", ")],
      ["language", item.language ? `${item.language.code} (${format.percent(item.language.confidence)})` : ""],
      ["subjects", item.subjects.map((subject) => `${subject.name || subject.uri} ${subject.confidence.toFixed(2)}`).join(", ")],
      ["people", counted(item.people)],
      ["organisations", counted(item.organisations)],
      ["places", counted(item.places)],
      ["cites", counted(item.attributions)],
      ["removed", item.removed.map(([rule, count, bytes]) => `${rule} (${count}, ${format.bytes(bytes)})`).join(", ")],
      ["size", `${format.bytes(item.bytes)} raw, ${format.bytes(item.body_bytes)} of text, ${format.count(item.words)} words`],
      ["url", item.url],
      ...origin(item),
    ]);
  }

  function legend() {
    const kinds = Object.entries(KINDS).flatMap(([kind, name]) => [make("mark", { class: `mark-${kind}` }, name), " "]);
    return make("p", { class: "legend" }, "Marked: ", ...kinds, make("del", {}, "removed"), " with its rule");
  }

  function enrichedDetail(item) {
    const raw = make("section", { class: "side", "aria-label": "Raw: all text of the record" }, make("h4", {}, "Raw"));
    const clean = make("section", { class: "side", "aria-label": "Clean: the text that is published" }, make("h4", {}, "Clean"), make("p", { class: "title", dir: "auto" }, ...cleanPieces(item.title)));
    for (const block of item.blocks) {
      raw.append(rawBlock(block, plainText(item.title)));
      if (block.fate === "kept") clean.append(cleanBlock(block));
    }
    if (item.blocks_left_out) for (const side of [raw, clean]) side.append(make("p", { class: "soft" }, `The rest of the article, ${format.count(item.blocks_left_out)} blocks, is not shown here.`));
    return [make("h3", { dir: "auto", tabindex: "-1" }, nameOf(item)), enrichedFacts(item), legend(), make("div", { class: "sides" }, raw, clean)];
  }

  function rejectedDetail(item) {
    const value = make("section", { class: "side", "aria-label": "The record's value" }, make("h4", {}, "Value"), make("pre", { class: "value", dir: "auto", tabindex: "0" }, item.value ?? "null"));
    if (item.value_left_out) value.append(make("p", { class: "soft" }, `${format.bytes(item.value_left_out)} more are not shown here.`));
    return [
      make("h3", { dir: "auto", tabindex: "-1" }, item.code),
      make("p", { class: "reason", dir: "auto" }, item.reason),
      facts([["stage", item.stage], ["size", format.bytes(item.bytes)], ...origin(item)]),
      value,
    ];
  }

  // What an article is called in the list: its title, else how it begins.
  function nameOf(item) {
    const title = plainText(item.title);
    if (title) return title;
    const first = item.blocks.find((block) => block.fate === "kept");
    return first ? `${plainText(first.pieces).slice(0, NAME_CHARACTERS)} …` : "An article without text";
  }

  // --- a list and its detail -------------------------------------------------------------------------

  function summary(item) {
    const notes = item.code ? [item.at] : [item.source?.domain, item.language?.code, item.subjects[0]?.name].filter(Boolean);
    return [make("span", { class: "what", dir: "auto" }, item.code ? item.reason : nameOf(item)), make("span", { class: "notes" }, time(item.time_ms), ` ${item.code ? `${item.code} · ` : ""}${notes.join(" · ")}`)];
  }

  // One of the two lists. Follows the newest until a reader chooses one.
  function makeList(name, detailOf) {
    const list = dom.byId(`${name}-list`);
    const detail = dom.byId(`${name}-detail`);
    const empty = dom.byId(`${name}-empty`);
    const count = dom.byId(`${name}-count`);
    const follow = dom.byId(`${name}-follow`);
    let items = [];
    let waiting = [];
    let selected;

    function choose(item) {
      if (item === selected) return;
      selected = item;
      for (const entry of list.children) entry.firstChild.setAttribute("aria-current", String(entry.item === item));
      detail.replaceChildren(...(item ? detailOf(item) : []));
    }

    function entryOf(item) {
      const button = make("button", { type: "button", "aria-current": "false" }, ...summary(item));
      button.addEventListener("click", () => {
        follow.checked = false;
        choose(item);
        if (detail.getBoundingClientRect().top > innerHeight - 80) detail.querySelector("h3").focus();
      });
      const entry = make("li", {}, button);
      entry.item = item;
      return entry;
    }

    follow.addEventListener("change", () => follow.checked && choose(items[0]));

    return {
      take(item) {
        waiting.push(item);
        if (waiting.length > KEPT_MAX) waiting.shift();
      },
      // An entry that has the focus is not taken away from under the reader: the list waits.
      draw() {
        if (!waiting.length || list.contains(document.activeElement)) return;
        for (const item of waiting) list.prepend(entryOf(item));
        items = [...waiting.reverse(), ...items].slice(0, KEPT_MAX);
        waiting = [];
        while (list.children.length > KEPT_MAX) list.lastChild.remove();
        dom.show(empty, false);
        dom.text(count, `${format.count(items[0].shown)} were taken since the start${items[0].too_large ? `; ${format.count(items[0].too_large)} were too large to be shown` : ""}.`);
        dom.show(detail, true);
        if (follow.checked) choose(items[0]);
      },
    };
  }

  let enriched;
  let rejected;

  function start() {
    enriched = makeList("enriched", enrichedDetail);
    rejected = makeList("rejected", rejectedDetail);
  }

  // Why there are none, when they are switched off.
  function about({ articles: state, reason }) {
    const isOff = state === "off";
    for (const name of ["enriched", "rejected"]) {
      dom.show(dom.byId(`${name}-follow`).closest("label"), !isOff);
      dom.text(dom.byId(`${name}-empty`), isOff ? reason : name === "enriched" ? "No article has come through yet." : "No record was rejected yet.");
    }
  }

  function draw() {
    enriched.draw();
    rejected.draw();
  }

  return { start, draw, about, takeEnriched: (item) => enriched.take(item), takeRejected: (item) => rejected.take(item) };
})();
