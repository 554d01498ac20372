// The queue of a team: what is open, the most urgent first, and what can be done at a glance.

import { api, part } from "./api.js";
import { h, replace } from "./dom.js";
import { keys } from "./keys.js";
import { filterBar, filtersOf } from "./queue-filters.js";
import { ACTS, TAKES, perform } from "./queue-acts.js";
import { queueTable } from "./queue-table.js";
import { router } from "./router.js";
import { text } from "./text.js";

const PAGE = 50;
const MOST = 100;
const CLOSED = new Set(["resolved", "closed", "merged"]);

let view = null;

export default {
  path: "#/queues/:site/:team",
  title: (params) => text.t("queue.title", { team: text.code("team", params.team) }),

  async show(root, params, shell) {
    const site = shell.site(params.site);
    const team = shell.team(params.site, params.team);
    view = { shell, site, team, params, filters: filtersOf(params.query), selected: new Set(), lines: [], next: null, at: null, turn: 0, acts: 0, busy: new Set(), after: new Map() };
    if (!team?.see) throw Object.assign(new Error("no such queue"), { status: 404 });
    draw(root);
    bindKeys();
    await load();
  },

  refresh: () => look(),

  leave() {
    view = null;
  },
};

function draw(root) {
  const { shell, site, team } = view;
  const name = text.code("team", team.id);
  view.table = queueTable({
    shell,
    selected: view.selected,
    mayWork: team.work,
    mayOwn: team.own,
    zone: () => site.zone,
    caption: text.t("queue.caption", { team: name, site: site.name }),
    run: (act, line) => run(act, [line]),
    picked: drawBulk,
  });
  view.count = h("span", { class: "count-shown" });
  view.updated = h("span", { class: "updated" });
  view.bulk = h("div", { class: "bulk", role: "toolbar", "aria-label": text.t("bulk.acts"), hidden: true });
  view.empty = h("p", { class: "empty", hidden: true });
  view.more = h("button", { type: "button", class: "more", hidden: true, on: { click: more } }, text.t("queue.more"));
  const review = team.id === "review" && team.work && h("a", { class: "button", href: router.href("#/review/:site", { site: site.id }) }, text.t("queue.on_review"));
  const file = team.export && h("button", { type: "button", class: "quiet", on: { click: exported } }, text.t("queue.export"));
  replace(
    root,
    h("div", { class: "head" }, h("h1", {}, name), review, h("span", { class: "grow" }), view.updated),
    !team.work && h("p", { class: "hint" }, text.t("queue.readonly")),
    filterBar(shell, site, view.filters, refilter),
    view.bulk,
    view.table.element,
    view.empty,
    h("div", { class: "foot" }, view.more, view.count, h("span", { class: "grow" }), file),
  );
}

/** The first page, for whoever asked for it. */
async function load() {
  const mine = (view.turn += 1);
  const answer = await api.get(address({ limit: PAGE }));
  if (mine !== view?.turn) return;
  view.next = answer.next;
  apply(newest(answer.tickets), answer.at);
}

/** The same again, in the background: as much of it as is shown. */
async function look() {
  if (!view?.at || view.busy.size) return;
  const { turn, acts } = view;
  const limit = Math.min(MOST, Math.max(PAGE, view.lines.length));
  const answer = await api.get(address({ limit }), { background: true });
  // Whoever has done something meanwhile sees what they did, not what was before it.
  if (turn !== view?.turn || acts !== view.acts || view.busy.size) return;
  const seen = new Set(answer.tickets.map((line) => line.id));
  const rest = view.lines.slice(limit).filter((line) => !seen.has(line.id));
  if (!rest.length) view.next = answer.next;
  const known = new Set(view.lines.map((line) => line.id));
  const first = newest(answer.tickets);
  apply([...first, ...rest], answer.at);
  for (const line of first) {
    if (line.urgency === 5 && !known.has(line.id)) {
      const words = { urgency: text.t("urgency.5"), topic: text.code("topic", line.topic) };
      view.shell.alert(text.t("queue.new_urgent", words));
    }
  }
}

async function more() {
  const { turn } = view;
  view.more.disabled = true;
  try {
    const answer = await api.get(address({ limit: PAGE, cursor: view.next }));
    if (turn !== view?.turn) return;
    const known = new Set(view.lines.map((line) => line.id));
    const added = newest(answer.tickets).filter((line) => !known.has(line.id));
    view.next = answer.next;
    apply([...view.lines, ...added], answer.at);
    if (added.length) view.table.body.querySelector(`[data-ticket="${added[0].id}"] a`)?.focus();
  } catch (error) {
    view?.shell.problem(error);
    if (error.code === "bad_cursor") await load();
  } finally {
    if (view) view.more.disabled = false;
  }
}

function apply(lines, at) {
  view.lines = lines;
  view.at = at;
  view.table.show(lines, at);
  const filtered = Object.values(view.filters).some(Boolean);
  view.table.element.hidden = lines.length === 0;
  view.empty.hidden = lines.length > 0;
  if (!lines.length) {
    const words = filtered ? text.t("queue.empty_filtered") : `${text.t("queue.empty")} ${text.t("queue.empty_more")}`;
    if (view.empty.textContent !== words) view.empty.textContent = words;
  }
  view.more.hidden = !view.next;
  view.count.textContent = lines.length ? text.t("queue.count", { count: lines.length }) : "";
  view.updated.textContent = text.t("queue.updated", { at: text.clockTime(at, view.site.zone) });
  drawBulk();
}

/** Of two answers about a ticket the later one holds: what was asked before an act, and answered
 *  after it, neither undoes it nor brings back what it has taken out of the queue. */
function newest(lines) {
  const known = new Map([...view.lines.map((line) => [line.id, line]), ...view.after]);
  const later = (line) => (known.get(line.id)?.version > line.version ? known.get(line.id) : line);
  return lines.map(later).filter((line) => lines.includes(line) || isHere(line));
}

function isHere(line) {
  return line.team === view.team.id && line.site === view.site.id && !CLOSED.has(line.status);
}

function address(asked) {
  return queuePath(view.site.id, view.team.id, { ...view.filters, ...asked });
}

/** Where the queue of a team is asked for; without `asked` its first page. */
export function queuePath(site, team, asked = { limit: PAGE }) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  return `/desk/queues/${part(site)}/${part(team)}?${query}`;
}

async function refilter(filters) {
  view.filters = filters;
  view.selected.clear();
  const { site, team } = view.params;
  history.replaceState(null, "", router.href("#/queues/:site/:team", { site, team }, filters));
  try {
    await load();
    if (view) view.shell.announce(text.t("queue.count", { count: view.lines.length }));
  } catch (error) {
    view?.shell.problem(error);
  }
}

/** Do something with some lines; what is refused is said, and looked at again. */
async function run(name, lines) {
  const mine = view;
  const free = lines.filter((line) => !mine.busy.has(line.id));
  if (!free.length) return;
  const ids = new Set(free.map((line) => line.id));
  for (const id of ids) mine.busy.add(id);
  mine.table.busy(ids, true);
  const release = (which) => {
    const freed = new Set(which.filter((id) => ids.delete(id)));
    for (const id of freed) mine.busy.delete(id);
    if (mine === view) mine.table.busy(freed, false);
  };
  let result = null;
  try {
    result = await perform(mine.shell, name, free, (line) => {
      if (mine === view) changed(line);
      // The next act on it need not wait for the others.
      release([line.id]);
    });
  } finally {
    release([...ids]);
  }
  if (mine !== view || result === null) return;
  for (const line of result.done) mine.selected.delete(line.id);
  mine.acts += 1;
  apply(mine.lines, mine.at);
  if (result.failed.length) await look().catch(() => {});
}

/** A ticket as an act has left it: in its place, or gone from this queue. */
function changed(line) {
  const here = isHere(line);
  view.after.set(line.id, line);
  const rest = view.lines.filter((each) => each.id !== line.id);
  const known = rest.length < view.lines.length;
  if (!here) view.lines = rest;
  else if (known) view.lines = view.lines.map((each) => (each.id === line.id ? line : each));
  else view.lines = [line, ...rest];
  apply(view.lines, view.at);
  // Where one that came back belongs, the desk knows.
  if (here && !known) look().catch(() => {});
}

function drawBulk() {
  const count = view.selected.size;
  if (view.bulk.hidden === (count > 0) || view.bulk.dataset.count !== String(count)) {
    view.bulk.hidden = count === 0;
    view.bulk.dataset.count = count;
    const names = [...(view.team.own ? TAKES : []), "hand_off", "wait", "resolve"];
    const focused = view.bulk.contains(document.activeElement);
    replace(
      view.bulk,
      h("b", {}, text.t("bulk.selected", { count })),
      names.map((name) => h("button", { type: "button", on: { click: () => run(name, picked()) } }, text.t(`do.${name}`))),
      h("button", { type: "button", class: "quiet", on: { click: unpick } }, text.t("bulk.clear")),
    );
    if (focused && count === 0) view.table.body.querySelector("a")?.focus();
  }
}

function picked() {
  return view.lines.filter((line) => view.selected.has(line.id));
}

function unpick() {
  view.selected.clear();
  view.table.show(view.lines, view.at);
  drawBulk();
}

/** Keys work on what is selected, else on the ticket with the focus. */
function bindKeys() {
  const bind = (key, label, act) => keys.bind("view", key, label && (() => text.t(label)), act);
  const here = () => (view.selected.size ? picked() : [view.table.current()?.line].filter(Boolean));
  bind("j", "keys.next", () => view.table.move(1));
  bind("k", "keys.previous", () => view.table.move(-1));
  bind("ArrowDown", null, () => view.table.move(1));
  bind("ArrowUp", null, () => view.table.move(-1));
  bind("Enter", "keys.open", () => view.table.current()?.parts.link.click());
  bind("Escape", "keys.clear", unpick);
  bind("f", "keys.filter", () => document.querySelector(".filters select")?.focus());
  if (!view.team.work) return;
  bind("x", "keys.select", () => {
    const row = view.table.current();
    if (!row) return;
    view.table.select(row, !view.selected.has(row.line.id));
    drawBulk();
  });
  for (const [name, act] of Object.entries(ACTS)) {
    if (act.key && (view.team.own || !TAKES.has(name))) bind(act.key, `do.${name}`, () => run(name, here()));
  }
}

async function exported() {
  try {
    const blob = await api.file(`/desk/queues/${part(view.site.id)}/${part(view.team.id)}/export`);
    const address = URL.createObjectURL(blob);
    h("a", { href: address, download: `${view.site.id}-${view.team.id}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch (error) {
    view?.shell.problem(error);
  }
}
