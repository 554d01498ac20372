// Lines of tickets as a table that is read, not worked: found ones, and those one holds.

import { clock } from "./clock.js";
import { h, keyed } from "./dom.js";
import { text } from "./text.js";
import { placeName, teamName, topicName } from "./ticket-names.js";
import { chip } from "./ticket-parts.js";
import { urgency } from "./urgency.js";

/**
 * A table of lines. `about` is {shell, caption, showSite}; `update(lines)` shows others and keeps
 * what stays where it is.
 */
export function lines(about) {
  const body = h("tbody");
  const heads = ["urgency", "ticket", "state", "holder", "due"].map((each) => h("th", { scope: "col" }, text.t(`lines.${each}`)));
  const element = h(
    "div",
    { class: "lines-place" },
    h("table", { class: "lines" }, h("caption", { class: "unseen" }, about.caption), h("thead", null, h("tr", null, heads)), body),
  );
  const update = (all) => keyed(body, all, (each) => each.id, (each) => row(about, each), (old, each) => redraw(about, old, each));
  return { element, update };
}

function row(about, line) {
  return fill(about, h("tr", { dataset: { ticket: line.id } }), line);
}

// A row is made anew only where something on it has changed; its countdown runs by itself.
function redraw(about, element, line) {
  if (element.dataset.version !== String(line.version)) fill(about, element, line);
}

function fill(about, element, line) {
  const { shell } = about;
  const site = shell.site(line.site);
  const named = { me: shell.me, site };
  const focused = element.contains(document.activeElement);
  element.dataset.version = String(line.version);
  const place = placeName(named, null, line.assignee) || text.t("ticket.nobody");
  element.replaceChildren(
    cell("urgency", urgency.badge(line.urgency, line.review)),
    h(
      "th",
      { scope: "row", class: "cell-ticket" },
      h("a", { href: shell.href("#/tickets/:ticket", { ticket: line.id }) }, topicName(line.topic)),
      h("span", { class: "dim" }, h("code", null, line.id), about.showSite && site ? ` · ${site.name}` : "", ` · ${teamName(line.team)}`),
    ),
    cell("state", chip(text.code("status", line.status), `state-${line.status}`), line.waiting_for && h("span", { class: "dim" }, ` ${text.code("waiting_for", line.waiting_for)}`)),
    cell("holder", line.assignee === shell.me.member ? text.t("ticket.you") : place),
    cell("due", due(line, site)),
  );
  if (focused) element.querySelector("a").focus({ preventScroll: true });
  return element;
}

function due(line, site) {
  if (!line.resolved_at) return clock.countdown(line, undefined, { zone: site?.zone });
  return text.t("lines.resolved", { when: text.when(line.resolved_at, site?.zone) });
}

function cell(kind, ...children) {
  return h("td", { class: `cell-${kind}`, dataset: { label: text.t(`lines.${kind === "urgency" ? "urgency" : kind}`) } }, ...children);
}

/** Move the focus from line to line with j and k, over the links of a table. */
export function browse(root, keys) {
  const step = (by) => () => {
    const links = [...root.querySelectorAll(".lines tbody th a")];
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };
  keys.bind("view", "j", () => text.t("keys.next"), step(1));
  keys.bind("view", "k", () => text.t("keys.previous"), step(-1));
}
