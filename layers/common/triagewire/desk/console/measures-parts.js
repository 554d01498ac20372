// One report from top to bottom: whether it can be trusted, what pays, what was found, and the rest.

import { h, replace } from "./dom.js";
import { findings } from "./measures-findings.js";
import { change, countOf, nameOf, said, target, valueName } from "./measures-figures.js";
import { bars, cell, counts, dayLines } from "./measures-plots.js";
import { text } from "./text.js";
import { teamName } from "./ticket-names.js";

const APART = ["site", "team", "topic", "channel", "language", "urgency"];
const GROUP = "_group";

/** All sections of a report of a site, in their order. */
export function sections(found, shell, site) {
  const { report } = found;
  const about = { ...found, shell, site, all: cellOf(report, "all", "")?.figures ?? {}, byId: new Map(found.measures.map((each) => [each.id, each])) };
  const isEmpty = !Object.keys(about.all).length;
  return [
    trust(about),
    isEmpty ? h("p", { class: "empty" }, text.t("measures.nothing")) : headlines(about),
    found.kind === "weekly" && !(isEmpty && !found.findings.length) ? findings(found.findings, shell, found.name) : null,
    isEmpty ? null : explored(about),
    ages(about),
    people(about),
    isEmpty ? null : every(about),
    leftOut(about),
  ];
}

/** What stands first: whether the ledger behind the figures is as it was written. */
function trust({ report, shell, site }) {
  const { whole, until, checkpoint, faults, waiting } = report.trust;
  const zone = site === GROUP ? "UTC" : shell.zone(site);
  const signed = until ? text.t(whole ? "measures.signed" : "measures.signed_broken", { until: text.when(until, zone), number: text.number(checkpoint) }) : text.t("measures.unsigned");
  return [
    whole
      ? h("p", { class: "dim trust" }, signed)
      : h("div", { class: "flag flag-danger trust", role: "alert" }, h("div", null, h("strong", null, text.t("measures.broken")), h("p", null, signed), h("ul", { lang: "en" }, faults.map((each) => h("li", null, each))))),
    waiting ? h("p", { class: "flag flag-note" }, text.t("measures.waiting", { count: waiting })) : null,
  ];
}

/** The five figures that say whether the desk pays. */
function headlines(about) {
  const cards = about.headlines.filter(({ measure }) => about.byId.has(measure)).map((each) => card(about, each));
  return h("section", { "aria-labelledby": "headlines-title" }, h("h2", { id: "headlines-title" }, text.t("measures.headlines")), h("div", { class: "cards" }, cards));
}

function card(about, { measure: id, per_day: daily, targets }) {
  const { all, report, byId } = about;
  const measure = byId.get(id), days = daily ? spanOf(report) : 1;
  const now = per(all[id], days), before = per(report.before?.[id], days);
  const changed = change(measure, now, before);
  const words = daily && now ? text.t("measures.a_day", { value: said(measure, now.value) }) : said(measure, now?.value);
  return h(
    "section",
    { class: "card headline", "aria-label": nameOf(measure), dataset: { measure: id } },
    h("h3", null, nameOf(measure)),
    h("p", { class: "headline-value" }, now ? words : text.t("measures.no_tickets")),
    now?.p90 ? h("p", { class: "dim" }, text.t("measures.p90_is", { value: said(measure, now.p90) })) : null,
    now ? h("p", { class: "dim" }, countOf(now)) : null,
    changed ? h("p", { class: "change", dataset: { way: changed.way } }, changed.words, judged(changed.way)) : null,
    h("ul", { class: "targets" }, targets.filter((each) => byId.has(each)).map((each) => goal(byId.get(each), all[each], each === id))),
    measure.estimate ? h("details", null, h("summary", null, text.t("measures.estimate")), h("p", { class: "hint", lang: "en" }, measure.estimate)) : null,
  );
}

/** Whether a change is to be welcomed, in a word: colour alone says nothing. */
function judged(way) {
  return way === "same" ? null : [": ", text.t(way === "better" ? "measures.better" : "measures.worse")];
}

/** A target, and whether it is kept: by a sign and a word. */
function goal(measure, figure, own) {
  const { words, met } = target(measure, figure) ?? {};
  if (!words) return null;
  const state = met === null ? "unknown" : met ? "met" : "missed";
  const value = figure ? said(measure, figure.value) : text.t("measures.no_tickets");
  const told = own ? text.t("measures.target_is", { goal: words }) : text.t("measures.target_of", { measure: nameOf(measure), value, goal: words });
  return h("li", { dataset: { met: state } }, h("span", { class: "target-sign", "aria-hidden": "true" }, SIGNS[state]), h("span", null, told, ": ", h("strong", null, text.t(`measures.${state}`))));
}

/** One measure, chosen by who looks: day by day, and told apart by all that tells tickets apart. */
function explored(about) {
  const { measures, all, report, kind } = about;
  const known = measures.filter((each) => all[each.id]);
  const place = h("div", { class: "explored" });
  const choice = h("select", { id: "measures-one" }, known.map((each) => h("option", { value: each.id }, nameOf(each))));
  const draw = () => {
    const measure = about.byId.get(choice.value);
    replace(
      place,
      h("p", { class: "hint", lang: "en" }, measure.formula),
      kind === "weekly" ? dayLines(measure, report.days) : null,
      h("div", { class: "bars-all" }, APART.map((by) => bars(measure, valuesOf(about, by, measure), text.t(`measures.by_${by}`)))),
    );
  };
  choice.addEventListener("change", draw);
  draw();
  return h(
    "section",
    { "aria-labelledby": "one-title" },
    h("h2", { id: "one-title" }, text.t("measures.one")),
    h("div", { class: "filter" }, h("label", { for: "measures-one" }, text.t("measures.measure")), choice),
    place,
  );
}

function valuesOf({ report, shell }, by, measure) {
  const rows = report.cells.filter((each) => each.by === by && each.figures[measure.id]);
  const order = by === "urgency" ? (one, other) => other.of.localeCompare(one.of) : (one, other) => other.figures[measure.id].n - one.figures[measure.id].n;
  return rows.sort(order).map((each) => ({ name: valueName(by, each.of, shell), figure: each.figures[measure.id] }));
}

/** How old what is open is. */
function ages({ report }) {
  const rows = Object.entries(report.ages).map(([age, count]) => ({ name: known("age", age), count, words: text.number(count) }));
  const empty = !rows.some((each) => each.count);
  return h(
    "section",
    { "aria-labelledby": "ages-title" },
    h("h2", { id: "ages-title" }, text.t("measures.ages")),
    empty ? h("p", { class: "empty" }, text.t("measures.no_open")) : counts(rows, text.t("measures.age"), text.t("measures.open")),
  );
}

/** What each member did and holds: to share work out, and no measure of a person's worth. */
function people({ report, shell, site }) {
  const rows = [...report.members].sort((one, other) => other.open - one.open || other.touches - one.touches);
  const heads = ["member", "open", "touches", "minutes", "resolved", "handed_on", "hand_backs"];
  const top = Math.max(1, ...rows.map((each) => each.open));
  return h(
    "section",
    { "aria-labelledby": "people-title" },
    h("h2", { id: "people-title" }, text.t("measures.people_title")),
    h("p", { class: "hint" }, text.t("measures.people_hint")),
    rows.length
      ? h(
          "table",
          { class: "plain loads" },
          h("caption", { class: "unseen" }, text.t("measures.people_title")),
          h("thead", null, h("tr", null, heads.map((each) => h("th", { scope: "col" }, text.t(`measures.${each}`))))),
          h("tbody", null, rows.map((each) => personRow(each, heads.slice(1), top, shell, site))),
        )
      : h("p", { class: "empty" }, text.t("measures.no_people")),
  );
}

function personRow(each, heads, top, shell, site) {
  const meter = h("meter", { min: 0, max: top, value: each.open, "aria-hidden": "true" });
  const value = (name) => (name === "minutes" ? text.span(each.minutes) : text.number(each[name]));
  const teams = each.teams.map(teamName).join(", ");
  const where = site === GROUP ? `${shell.site(each.site)?.name ?? each.site}: ${teams}` : teams;
  return h(
    "tr",
    { dataset: { member: each.member } },
    h("th", { scope: "row" }, memberName(each, shell), h("span", { class: "dim" }, ` ${where}`)),
    heads.map((name) => cell(text.t(`measures.${name}`), name === "open" ? [h("span", null, value(name)), meter] : value(name))),
  );
}

function memberName({ site, member }, shell) {
  if (member !== shell.me.member) return shell.member(site, member);
  return text.t("ticket.you_named", { name: shell.me.name });
}

/** Every measure with what it was before: the whole of it, for who wants all. */
function every({ measures, all, report }) {
  const heads = ["measure", "value", "p90", "count", "before", "target"];
  const row = (measure) => {
    const figure = all[measure.id], goal = target(measure, figure);
    const met = !goal || goal.met === null ? "" : ` (${text.t(goal.met ? "measures.met" : "measures.missed")})`;
    return h(
      "tr",
      { dataset: { measure: measure.id } },
      h("th", { scope: "row" }, nameOf(measure)),
      cell(text.t("measures.value"), figure ? said(measure, figure.value) : text.t("measures.no_tickets")),
      cell(text.t("measures.p90"), said(measure, figure?.p90)),
      cell(text.t("measures.count"), text.number(figure?.n ?? 0)),
      cell(text.t("measures.before"), said(measure, report.before?.[measure.id]?.value)),
      cell(text.t("measures.target"), goal ? `${goal.words}${met}` : "–"),
    );
  };
  const themes = [...new Set(measures.map((each) => each.theme))];
  return h(
    "section",
    { "aria-labelledby": "every-title" },
    h("h2", { id: "every-title" }, text.t("measures.every")),
    themes.map((theme) => h(
      "details",
      { class: "theme" },
      h("summary", null, known("theme", theme)),
      h(
        "table",
        { class: "plain figures" },
        h("caption", { class: "unseen" }, known("theme", theme)),
        h("thead", null, h("tr", null, heads.map((each) => h("th", { scope: "col" }, text.t(`measures.${each}`))))),
        h("tbody", null, measures.filter((each) => each.theme === theme).map(row)),
      ),
    )),
  );
}

/** What no measure counts, and why. */
function leftOut({ report }) {
  const rows = [...Object.entries(report.left_out), ...Object.entries(report.odd)];
  if (!rows.length) return null;
  const lines = rows.map(([why, count]) => h("li", null, text.t("measures.left_out_line", { count: text.number(count), why: known("left_out", why) })));
  return h("section", { "aria-labelledby": "left-out-title" }, h("h2", { id: "left-out-title" }, text.t("measures.left_out")), h("ul", null, lines));
}

/** The words for what a report says in English; what nobody has words for as it is. */
function known(group, said) {
  const key = `measures.${group}.${said}`;
  return text.has(key) ? text.t(key) : said;
}

function cellOf(report, by, of) {
  return report.cells.find((each) => each.by === by && each.of === of);
}

function per(figure, days) {
  return figure && { ...figure, value: figure.value === null ? null : figure.value / days };
}

function spanOf({ first, last }) {
  return 1 + (Date.parse(last) - Date.parse(first)) / 86_400_000;
}

const SIGNS = { met: "✓", missed: "✗", unknown: "○" };
