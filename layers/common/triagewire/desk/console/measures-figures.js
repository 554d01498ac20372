// Figures of measures as people read them: with their unit, and against a target and the time before.

import { text } from "./text.js";

const EVEN = 0.005;

/** What a measure is called; one that no words are known for by its name in the report. */
export function nameOf(measure) {
  const key = `measure.${measure.id}`;
  return text.has(key) ? text.t(key) : measure.name;
}

/** A value with its unit; what nobody measured is a dash. */
export function said(measure, value) {
  if (value === null || value === undefined) return "–";
  const make = UNITS[measure.unit] ?? ((number) => `${plain(number)} ${measure.unit}`);
  return make(value);
}

/** Of how many samples a figure is made. */
export function countOf(figure) {
  return text.t("measures.n", { count: figure?.n ?? 0, n: plain(figure?.n ?? 0) });
}

/** The target in words, and whether a value keeps it; null for a measure without one. */
export function target(measure, figure) {
  if (measure.target === null || measure.better === "neither") return null;
  const least = measure.better === "higher";
  const words = text.t(least ? "measures.at_least" : "measures.below", { value: said(measure, measure.target) });
  if (figure?.value === null || figure?.value === undefined) return { words, met: null };
  return { words, met: least ? figure.value >= measure.target : figure.value < measure.target };
}

/** How a value has changed: {words, way} with "better", "worse" or "same"; null if unknown. */
export function change(measure, now, before) {
  if (!isKnown(now) || !isKnown(before)) return null;
  const parted = now.value - before.value;
  if (Math.abs(parted) <= EVEN * Math.abs(before.value)) return { words: text.t("measures.same"), way: "same" };
  const more = parted > 0;
  const words = text.t(more ? "measures.more" : "measures.less", { by: apart(measure, now.value, before.value) });
  if (measure.better === "neither") return { words, way: "same" };
  return { words, way: more === (measure.better === "higher") ? "better" : "worse" };
}

/** A number in the language of the page. */
export function plain(value, most = 1) {
  return text.number(value, { maximumFractionDigits: most });
}

/** A share as per cent. */
export function percent(value) {
  return text.number(value, { style: "percent", maximumFractionDigits: 1 });
}

/** What stands for a value of a dimension: the name of a team, a topic, a language. */
export function valueName(by, of, shell) {
  if (of === "") return text.t("measures.none");
  if (by === "language") return text.languageName(of);
  if (by === "urgency") return text.has(`urgency.${of}`) ? `${of} ${text.t(`urgency.${of}`)}` : text.t("measures.none");
  if (by === "site") return shell.site(of)?.name ?? of;
  return text.code(by, of);
}

const UNITS = {
  seconds: (value) => (value < 120 ? text.t("measures.seconds", { n: plain(value) }) : text.span(value / 60)),
  minutes: (value) => (value < 10 ? text.t("span.min", { count: plain(value) }) : text.span(value)),
  hours: (value) => text.t("span.h", { count: plain(value) }),
  share: percent,
  "points of 5": (value) => text.t("measures.points", { n: plain(value, 2) }),
  "per ticket": (value) => text.t("measures.per_ticket", { n: plain(value, 2) }),
  tickets: (value) => text.t("measures.tickets", { count: value, n: plain(value) }),
  times: (value) => text.t("measures.times", { count: value, n: plain(value) }),
  people: (value) => text.t("measures.people", { count: value, n: plain(value) }),
};

function isKnown(figure) {
  return figure?.value !== null && figure?.value !== undefined;
}

/** Shares and points by their difference, everything else by its part of what was. */
function apart(measure, now, before) {
  const parted = Math.abs(now - before);
  if (measure.unit === "share") return text.t("measures.percent_points", { n: plain(100 * parted) });
  if (measure.unit === "points of 5") return plain(parted, 2);
  return before === 0 ? said(measure, parted) : percent(parted / Math.abs(before));
}
