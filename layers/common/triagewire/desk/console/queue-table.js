// A list of tickets as a table whose rows stay where they are while it changes.

import { clock } from "./clock.js";
import { h, keyed, replace, unseen } from "./dom.js";
import { nextStep, shortId } from "./queue-acts.js";
import { text } from "./text.js";
import { urgency } from "./urgency.js";

const COLUMNS = ["urgency", "ticket", "due", "holder", "state", "language", "channels", "age", "act"];
const ICONS = {
  ehr: "M4 2h10v12H4zM6 6h6M6 9h6M6 12h3",
  phone: "M4 2l3 1 1 4-2 1c1 2 2 3 4 4l1-2 4 1 1 3-2 2C8 16 2 10 2 4z",
  sms: "M2 3h12v8H7l-3 3v-3H2z",
  email: "M2 3h12v10H2zM2 4l6 5 6-5",
  web: "M2 3h12v10H2zM2 6h12",
  chat: "M2 3h9v6H6l-2 2V9H2zM8 11h3l2 2v-2h1V6h-1",
  helpdesk: "M3 9V8a5 5 0 0 1 10 0v1M3 9h2v4H3zM11 9h2v4h-2z",
  monitoring: "M1 9h3l2-5 3 9 2-4h4",
};

/**
 * A table. `about` is {shell, site, selected: Set, mayWork, caption, run(name, line), picked()}.
 * Gives {element, body, show(lines, at), rowOf(id), current(), move(step), busy(ids, on)}.
 */
export function queueTable(about) {
  const body = h("tbody", { role: "rowgroup" });
  const all = h("input", { type: "checkbox", "aria-label": text.t("queue.select_all") });
  const heads = COLUMNS.map((name) =>
    h("th", { role: "columnheader", scope: "col", class: `col-${name}`, "aria-sort": name === "urgency" ? "descending" : null }, text.t(`queue.${name}`)),
  );
  const pick = about.mayWork && h("th", { role: "columnheader", scope: "col", class: "col-pick" }, h("label", { class: "pick" }, all));
  const element = h(
    "table",
    { role: "table", class: "queue" },
    h("caption", { class: "unseen" }, about.caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, pick, heads)),
    body,
  );
  let last = null;
  let at = null;
  all.addEventListener("change", () => {
    for (const row of body.children) select(row, all.checked);
    about.picked();
  });
  body.addEventListener("focusin", (event) => {
    last = event.target.closest("tr");
  });

  function make(line) {
    const row = h("tr", { role: "row", dataset: { ticket: line.id } });
    const box = h("input", {
      type: "checkbox",
      "aria-label": text.t("queue.select_one", { id: shortId(line.id) }),
      on: { change: () => select(row, box.checked) || about.picked() },
    });
    const link = h("a", { href: `#/tickets/${line.id}`, class: "ticket-link" });
    const countdown = clock.countdown(line, at, { zone: about.zone(line) });
    const cells = Object.fromEntries(COLUMNS.map((name) => [name, cell(name)]));
    cells.ticket.append(link, h("span", { class: "id", title: line.id }, shortId(line.id)), h("span", { class: "marks" }));
    cells.due.append(countdown);
    const pick = about.mayWork ? [h("td", { role: "cell", class: "col-pick" }, h("label", { class: "pick" }, box))] : [];
    row.append(...pick, ...COLUMNS.map((name) => cells[name]));
    row.parts = { box, link, countdown, cells, was: "" };
    update(row, line);
    return row;
  }

  function update(row, line) {
    const { box, link, countdown, cells } = row.parts;
    row.line = line;
    countdown.track(line);
    box.checked = about.selected.has(line.id);
    row.setAttribute("aria-selected", String(box.checked));
    replace(cells.age, text.span((clock.now() - Date.parse(line.received_at)) / 60_000));
    // What has not changed is not drawn again: a button under somebody's finger stays the same.
    const now = JSON.stringify([line.version, line.assignee, line.status, line.urgency, line.team, line.topic]);
    if (now === row.parts.was) return;
    row.parts.was = now;
    const focused = cells.act.contains(document.activeElement);
    row.dataset.urgency = line.urgency;
    row.dataset.mine = line.assignee === about.shell.me.member ? "yes" : "no";
    link.textContent = line.topic ? text.code("topic", line.topic) : text.code("status", "new");
    replace(cells.urgency, urgency.badge(line.urgency, line.review));
    replace(cells.ticket.querySelector(".marks"), marks(line, about.shell));
    replace(cells.holder, holder(line, about.shell));
    replace(cells.state, state(line, about));
    replace(cells.language, line.language ? text.languageName(line.language) : "");
    replace(cells.channels, line.channels.map(channel));
    replace(cells.act, about.mayWork ? step(line) : []);
    if (focused) (cells.act.querySelector("button") ?? link).focus({ preventScroll: true });
  }

  function step(line) {
    const name = nextStep(line, about.shell.me.member);
    if (name === "claim" && about.mayOwn === false) return [];
    if (name === null) return [];
    const label = [text.t(`do.${name}`), unseen(` ${shortId(line.id)}`)];
    return h("button", { type: "button", class: "step", on: { click: () => about.run(name, line) } }, label);
  }

  function select(row, on) {
    if (on) about.selected.add(row.line.id);
    else about.selected.delete(row.line.id);
    row.parts.box.checked = on;
    row.setAttribute("aria-selected", String(on));
  }

  function show(lines, serverNow) {
    at = serverNow;
    const held = current();
    const index = held ? [...body.children].indexOf(held) : -1;
    const top = held?.getBoundingClientRect().top;
    const had = held?.contains(document.activeElement);
    const gone = keyed(body, lines, (line) => line.id, make, update);
    for (const id of gone) about.selected.delete(id);
    all.checked = lines.length > 0 && lines.every((line) => about.selected.has(line.id));
    all.indeterminate = !all.checked && about.selected.size > 0;
    if (held?.isConnected) {
      // Rows that came in above must not push away what somebody reads.
      const moved = held.getBoundingClientRect().top - top;
      if (had && moved) window.scrollBy(0, moved);
    } else if (held) {
      last = null;
      const next = body.children[Math.min(index, body.children.length - 1)];
      if (had && next) next.parts.link.focus({ preventScroll: true });
      if (had) about.shell.announce(text.t("queue.left"));
    }
  }

  function current() {
    return last?.isConnected ? last : null;
  }

  function move(step) {
    const rows = [...body.children];
    const from = current() ? rows.indexOf(current()) : step > 0 ? -1 : rows.length;
    const next = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
    next?.parts.link.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function busy(ids, on) {
    for (const row of body.children) {
      if (!ids.has(row.line.id)) continue;
      row.setAttribute("aria-busy", String(on));
      for (const button of row.querySelectorAll("button")) button.disabled = on;
    }
  }

  return { element, body, show, select, current, move, busy };
}

function cell(name) {
  if (name === "ticket") return h("th", { role: "rowheader", scope: "row", class: "col-ticket" });
  // On a narrow screen the heads of the columns are gone, and each cell says what it is.
  return h("td", { role: "cell", class: `col-${name}`, dataset: { label: text.t(`queue.${name}`) } });
}

function holder(line, shell) {
  if (!line.assignee) return h("span", { class: "nobody" }, text.t("queue.nobody"));
  if (line.assignee === shell.me.member) return h("b", {}, text.t("queue.you"));
  return shell.member(line.site, line.assignee);
}

function state(line, about) {
  const words = [text.code("status", line.status)];
  if (line.waiting_for) {
    words.push(text.t("queue.waits", { whom: text.code("waiting_for", line.waiting_for).toLocaleLowerCase() }));
    if (line.wake_at) words.push(text.when(line.wake_at, about.zone(line)));
  } else if (line.assignee && line.status === "routed") {
    words.push(text.t("queue.not_accepted"));
  }
  return words.join(", ");
}

/** What else is worth a glance: people were paged, it went back and forth, it came back. */
function marks(line, shell) {
  const found = [];
  if (line.pages > 0) {
    const by = line.acknowledged_by;
    found.push([by ? text.t("queue.acknowledged", { who: shell.member(line.site, by) }) : text.t("queue.paged"), by ? "calm" : "loud"]);
  }
  if (line.reopened > 0) found.push([text.t("queue.reopened"), "calm"]);
  if (line.bounces > 1) found.push([text.t("queue.bounces", { count: line.bounces }), "loud"]);
  return found.map(([words, kind]) => h("span", { class: "mark", dataset: { kind } }, words));
}

function channel(name) {
  const sign = h.svg(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    h.svg("path", { d: ICONS[name] ?? ICONS.web }),
  );
  return h("span", { class: "channel" }, sign, text.code("channel", name));
}
