// Small parts that several sections of a ticket are made of.

import { h } from "./dom.js";

let count = 0;

/** A section with a heading of its own; `kind` becomes its class. */
export function section(kind, heading, ...children) {
  const id = `part-${(count += 1)}`;
  return h(
    "section",
    { class: `part part-${kind}`, "aria-labelledby": id },
    h("h2", { id }, heading),
    ...children,
  );
}

/** A section that opens and closes; what is in it is made when it is first opened. */
export function foldable(kind, heading, make, { open = false, kept } = {}) {
  const body = h("div", { class: "fold-body" });
  let made = false;
  const element = h(
    "details",
    { class: `part part-${kind}`, open: open || kept?.has(kind) },
    h("summary", null, h("h2", null, heading)),
    body,
  );
  const fill = () => {
    if (made || !element.open) return;
    made = true;
    body.append(...[make()].flat().filter(Boolean));
  };
  element.addEventListener("toggle", () => {
    if (element.open) kept?.add(kind);
    else kept?.delete(kind);
    fill();
  });
  fill();
  return element;
}

/** Names and what they are, as a list of terms; rows without a value are left out. */
export function facts(rows, kind = "") {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  if (!told.length) return null;
  return h(
    "dl",
    { class: `facts ${kind}`.trim() },
    told.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
  );
}

/** A mark beside something that must be noticed: a sign, and the words of it. */
export function warning(words, kind = "warning") {
  return h(
    "p",
    { class: `flag flag-${kind}` },
    h("span", { class: "flag-sign", "aria-hidden": "true" }, kind === "note" ? "i" : "!"),
    h("span", null, words),
  );
}

/** A short code in a frame. */
export function chip(words, kind = "") {
  return h("span", { class: `chip ${kind}`.trim() }, words);
}

/** A list of short texts. */
export function items(values, kind = "plain-list") {
  return values?.length ? h("ul", { class: kind }, values.map((each) => h("li", null, each))) : null;
}

/** A file size as people say it. */
export function size(bytes, number) {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1_000) return `${number(bytes)} B`;
  if (bytes < 1_000_000) return `${number(bytes / 1_000, { maximumFractionDigits: 0 })} kB`;
  return `${number(bytes / 1_000_000, { maximumFractionDigits: 1 })} MB`;
}

/** A link to somewhere outside, in a tab of its own, which learns nothing of this page. */
export function away(address, ...children) {
  return h(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer", class: "away" },
    ...children,
  );
}

/** A button that does something: `kind` is "primary", "quiet" or "". */
export function button(kind, run, words = "") {
  return h("button", { type: "button", class: kind || null, on: { click: run } }, words);
}

/** What puts the focus back where it was, in parts that are drawn anew. */
export function focusOf(root) {
  const held = document.activeElement;
  if (!held || !root.contains(held) || held.closest(".compose")) return null;
  const key = held.dataset.act ? `[data-act="${held.dataset.act}"]` : held.tagName === "H1" ? "h1" : null;
  return () => {
    if (!held.isConnected) (root.querySelector(key ?? "h1") ?? root).focus({ preventScroll: true });
  };
}
