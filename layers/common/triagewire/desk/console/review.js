// The review queue, one ticket at a time: the words, why a person must decide, and one key each
// for how urgent it is, on what that rests, and yes.

import { api, part } from "./api.js";
import { clock } from "./clock.js";
import { h, replace } from "./dom.js";
import { keys } from "./keys.js";
import { shortId } from "./queue-acts.js";
import { decision } from "./review-decision.js";
import { text } from "./text.js";
import { unreadable } from "./ticket-aside.js";
import { requester, staffRequest } from "./ticket-people.js";
import { score } from "./ticket-score.js";
import { talk } from "./ticket-talk.js";
import { writing } from "./ticket-writing.js";
import { urgency } from "./urgency.js";

let view = null;
/** Skipped ones come last, until the page is loaded again. */
const skipped = new Set();

export default {
  path: "#/review/:site",
  title: () => text.t("review.title"),

  async show(root, params, shell) {
    const site = shell.site(params.site);
    const team = shell.team(params.site, "review");
    if (!team?.see) throw Object.assign(new Error("no review"), { status: 404 });
    view = { root, shell, site, team, lines: [], ticket: null, lock: null, busy: false, opening: false, turn: 0, notes: new Map() };
    bindKeys();
    await list({});
    await next();
  },

  async refresh() {
    if (!view || view.busy || view.opening) return;
    const { turn } = view;
    await list({ background: true });
    if (turn !== view?.turn || view.busy) return;
    if (view.ticket === null && view.lines.length) await next({ background: true });
    else drawLeft();
  },

  leave() {
    view?.lock?.stop();
    view = null;
  },
};

async function list(options) {
  const mine = view, { turn } = mine;
  const answer = await api.get(`/desk/queues/${part(mine.site.id)}/review?limit=100`, options);
  // What was asked before a decision still holds the ticket that it was about.
  if (mine === view && turn === mine.turn) view.lines = answer.tickets;
}

/** The order in which one works: what one holds, what nobody holds, what others hold, what one has
 *  skipped. Each of them is as the queue has it: the most urgent first, then what is due first. */
function ordered() {
  const rank = (line) => {
    if (skipped.has(line.id)) return 3;
    if (line.assignee === view.shell.me.member) return 0;
    return line.assignee ? 2 : 1;
  };
  return [...view.lines].sort((one, other) => rank(one) - rank(other));
}

/** Open the next one by itself; without one say that there is none. */
async function next(options = {}) {
  const mine = view;
  const turn = (mine.turn += 1);
  mine.lock?.stop();
  mine.ticket = null;
  mine.opening = true;
  try {
    const ticket = await first(options, () => mine === view && turn === mine.turn);
    if (ticket === undefined) return;
    mine.ticket = ticket;
    draw();
  } finally {
    if (turn === mine.turn) mine.opening = false;
  }
}

/** The first one that is still to be decided, null when there is none; undefined when it is not
 *  `wanted()` any more. */
async function first(options, wanted) {
  for (const line of ordered()) {
    try {
      const ticket = await api.get(`/desk/tickets/${part(line.id)}`, options);
      if (!wanted()) return undefined;
      if (ticket.review && ticket.team === "review") return ticket;
    } catch (error) {
      if (error.status !== 404) throw error;
      if (!wanted()) return undefined;
    }
  }
  return null;
}

function draw() {
  const { root, ticket, shell } = view;
  if (ticket === null) {
    replace(
      root,
      h("div", { class: "head" }, h("h1", { tabindex: "-1" }, text.t("review.title"))),
      h("p", { class: "empty" }, `${text.t("review.empty")} ${text.t("review.empty_more")}`),
    );
    root.querySelector("h1").focus();
    return;
  }
  view.lock = writing(ticket.id);
  if (view.team.work) view.lock.start();
  const about = surroundings();
  view.panel = decision({ shell, site: view.site, ticket, notes: view.notes, confirm, skip, mayWork: view.team.work });
  view.left = h("span", { class: "hint" });
  replace(
    root,
    h("div", { class: "head" }, h("h1", { tabindex: "-1" }, text.t("review.title")), view.left),
    h(
      "div",
      { class: "review", dataset: { ticket: ticket.id } },
      h("div", { class: "review-words" }, heading(ticket), unreadable(about), talk(about), staffRequest(about)),
      h("div", { class: "review-why" }, score(about), requester(about)),
    ),
    view.panel.element,
  );
  drawLeft();
  window.scrollTo(0, 0);
  root.querySelector("h2").focus({ preventScroll: true });
}

function heading(ticket) {
  const others = (ticket.writing ?? []).filter((each) => each.member !== view.shell.me.member);
  const holder = ticket.assignee && ticket.assignee !== view.shell.me.member;
  return h(
    "div",
    { class: "review-head" },
    h("h2", { tabindex: "-1" }, urgency.badge(ticket.urgency, true), ` ${text.code("topic", ticket.topic)} `, h("a", { href: `#/tickets/${ticket.id}`, class: "id", title: text.t("review.open") }, shortId(ticket.id))),
    clock.countdown(ticket, undefined, { zone: view.site.zone }),
    ticket.language && h("span", { class: "chip" }, text.languageName(ticket.language)),
    holder && h("span", { class: "chip" }, text.t("review.held", { who: view.shell.member(ticket.site, ticket.assignee) })),
    others.length > 0 && h("span", { class: "chip", dataset: { kind: "loud" } }, text.t("review.reading", { who: text.list(others.map((each) => each.name)) })),
  );
}

function drawLeft() {
  if (view.ticket !== null) view.left.textContent = text.t("review.left", { count: view.lines.length });
}

function surroundings() {
  const { root, ticket, shell, site } = view;
  const nothing = () => {};
  return { ticket, shell, root, site, me: shell.me, zone: site.zone, allowed: false, undo: nothing, tryAgain: nothing, unmerge: nothing };
}

async function confirm(decided) {
  const mine = view;
  const { ticket } = mine;
  // Who presses on while the next one is opened means the one before, which is decided.
  if (mine.busy || ticket === null) return;
  mine.busy = true;
  try {
    await api.post(`/desk/tickets/${part(ticket.id)}/decide`, { ...decided, version: ticket.version });
    const words = { score: decided.score, team: text.code("team", decided.team) };
    mine.shell.toast(text.t("review.done", words));
    mine.lines = mine.lines.filter((line) => line.id !== ticket.id);
    skipped.delete(ticket.id);
  } catch (error) {
    if (mine !== view) return;
    if (error.status !== 409) {
      mine.panel.refused(error);
      return;
    }
    mine.shell.problem(error);
    await renew(mine, ticket.id);
    return;
  } finally {
    mine.busy = false;
  }
  if (mine === view) await next();
}

/** It is no longer what was decided on: show it as it is, or the next one when it is gone. */
async function renew(mine, id) {
  await list({});
  if (mine !== view) return;
  const still = mine.lines.find((line) => line.id === id);
  if (!still) mine.shell.announce(text.t("review.gone"));
  else mine.lines = [still, ...mine.lines.filter((line) => line !== still)];
  await next();
}

function skip() {
  if (view.busy || view.ticket === null) return;
  skipped.add(view.ticket.id);
  view.shell.announce(text.t("review.skipped"));
  next().catch((error) => view?.shell.problem(error));
}

function bindKeys() {
  const { shell } = view;
  const bind = (key, label, run) => keys.bind("view", key, label && (() => text.t(label)), run);
  const panel = () => (view.ticket === null ? null : view.panel);
  if (view.team.work) {
    for (const digit of "123456789") {
      const label = { 1: "review.first", 2: "review.then_why" }[digit];
      bind(digit, label, () => panel()?.digit(Number(digit)));
    }
    bind("Enter", "review.confirm", () => panel()?.enter());
    bind("Escape", "review.back", () => panel()?.back());
    bind("t", "review.choose_team", () => panel()?.team());
    bind("s", "review.skip", skip);
  }
  bind("o", "review.open", () => view.ticket && shell.go(`#/tickets/${view.ticket.id}`));
}
