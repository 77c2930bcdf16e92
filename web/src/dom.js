"use strict";
// The only way this page makes elements: text goes into text nodes and into attributes that hold text. No text is ever parsed as HTML
// here, and the policy of the page (trusted types) forbids it.

const dom = (() => {
  const byId = (id) => document.getElementById(id);

  // make("td", { class: "number" }, "12"): children are strings or elements.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== undefined));
    return element;
  }

  // Writes only what has changed: nothing is laid out again, and no selection lost, for the same text.
  function text(element, value) {
    if (element.textContent !== value) element.textContent = value;
  }

  // Rows of a table body: `items` are arrays of cells, a cell a string or { text, title, bar }. Rows are used again.
  function rows(body, items, classes) {
    while (body.rows.length > items.length) body.deleteRow(-1);
    items.forEach((cells, i) => {
      const row = body.rows[i] ?? body.insertRow();
      cells.forEach((cell, k) => fillCell(row, k, cell, classes[k]));
    });
  }

  function fillCell(row, k, cell, className) {
    const isHead = className === "head";
    const element = row.cells[k] ?? row.appendChild(make(isHead ? "th" : "td", isHead ? { scope: "row" } : { class: className }));
    const value = typeof cell === "string" ? cell : cell.text;
    text(element, value);
    if (cell.title !== undefined && element.title !== cell.title) element.title = cell.title;
    if (cell.bar !== undefined) element.style.setProperty("--bar-width", `${(100 * cell.bar).toFixed(1)}%`);
    if (cell.alarm !== undefined) element.classList.toggle("alarm", cell.alarm);
  }

  const show = (element, isShown) => {
    if (element.hidden === isShown) element.hidden = !isShown;
  };

  return { byId, make, text, rows, show };
})();
