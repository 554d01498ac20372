// Plots of measures: shapes in SVG by shares of their place, words beside them in HTML, so that they
// fit any width, are read aloud and stay sharp. A table with the same figures stands beside each.

import { h, unseen } from "./dom.js";
import { nameOf, plain, said, target } from "./measures-figures.js";
import { text } from "./text.js";

const FEW = 10;
const TALL = 150;
/** A sum of nothing is 0; of anything else there is no figure. */
const NOTHING = { n: 0, value: 0, p90: null };

/** Days from left to right: the middle as a line, nine of ten as a dashed one. */
export function dayLines(measure, days) {
  const nothing = measure.kind === "sum" ? NOTHING : null;
  const rows = Object.entries(days).map(([day, figures]) => ({ day, figure: figures[measure.id] ?? nothing }));
  const known = rows.filter((each) => each.figure?.value !== null && each.figure);
  if (!known.length) return h("p", { class: "empty" }, text.t("measures.no_days"));
  const spread = measure.kind === "spread";
  const goal = target(measure, null) ? measure.target : 0;
  const top = nice(Math.max(goal, ...known.flatMap(({ figure }) => [figure.value, figure.p90 ?? 0])));
  const title = text.t("measures.by_day_of", { measure: nameOf(measure) });
  return h(
    "figure",
    { class: "plot" },
    h("figcaption", null, title),
    h(
      "div",
      { class: "plot-lines", "aria-hidden": "true" },
      h("div", { class: "plot-scale" }, [top, top / 2, 0].map((each) => h("span", null, said(measure, each)))),
      drawn(rows, top, spread, goal),
      h("div", { class: "plot-days" }, rows.map(({ day }) => h("span", null, dayName(day)))),
    ),
    h("p", { class: "plot-key", "aria-hidden": "true" }, legend(spread, goal, measure)),
    dayTable(measure, rows, spread, title),
  );
}

/** A table with a bar in each row: `rows` are {name, figure}, the longest list is cut. */
export function bars(measure, rows, title) {
  const known = rows.filter(({ figure }) => figure && figure.value !== null);
  if (!known.length) return null;
  const spread = measure.kind === "spread";
  const top = Math.max(...known.map(({ figure }) => Math.max(figure.value, figure.p90 ?? 0))) || 1;
  const heads = [text.t("measures.value"), spread && text.t("measures.p90"), text.t("measures.count")].filter(Boolean);
  const made = known.map(({ name, figure }, place) =>
    h(
      "tr",
      { hidden: place >= FEW },
      h("th", { scope: "row" }, name),
      h("td", { class: "bar-cell", "aria-hidden": "true" }, bar(figure, top)),
      cell(heads[0], said(measure, figure.value)),
      spread && cell(heads[1], said(measure, figure.p90)),
      cell(heads.at(-1), plain(figure.n)),
    ),
  );
  const table = h("table", { class: "plain bars" }, h("caption", null, title, unseen(`: ${nameOf(measure)}`)), h("thead", null, barHead(title, heads)), h("tbody", null, made));
  return h("div", { class: "bars-place" }, table, made.length > FEW ? more(made) : null);
}

/** Plain counts as bars: `rows` are {name, count, words}. */
export function counts(rows, title, unit) {
  const top = Math.max(1, ...rows.map((each) => each.count));
  return h(
    "table",
    { class: "plain bars" },
    h("caption", { class: "unseen" }, title),
    h("thead", null, barHead(title, [unit])),
    h("tbody", null, rows.map(({ name, count, words }) => h(
      "tr",
      null,
      h("th", { scope: "row" }, name),
      h("td", { class: "bar-cell", "aria-hidden": "true" }, bar({ value: count, p90: null }, top)),
      cell(unit, words),
    ))),
  );
}

/** A cell that says what it is where there is no room for a heading. */
export function cell(label, ...words) {
  return h("td", { dataset: { label } }, ...words);
}

/** A day of the calendar, as "Mon 2": it is one wherever somebody reads it. */
export function dayName(day) {
  const noon = new Date(`${day}T12:00:00Z`);
  return `${noon.toLocaleDateString(text.language, { weekday: "short", timeZone: "UTC" })} ${noon.getUTCDate()}`;
}

function barHead(first, others) {
  return h("tr", null, h("th", { scope: "col" }, unseen(first)), h("td", { class: "bar-head" }), others.map((each) => h("th", { scope: "col" }, each)));
}

function bar(figure, top) {
  const wide = (value) => `${((100 * value) / top).toFixed(2)}%`;
  return h.svg(
    "svg",
    { class: "bar-svg", width: "100%", height: 16, focusable: "false" },
    h.svg("rect", { class: "bar-ground", x: 0, y: 2, width: "100%", height: 12, rx: 2 }),
    figure.p90 === null ? null : h.svg("rect", { class: "bar-far", x: 0, y: 6, width: wide(figure.p90), height: 4 }),
    h.svg("rect", { class: "bar-near", x: 0, y: 2, width: wide(figure.value), height: 12, rx: 2 }),
  );
}

function drawn(rows, top, spread, goal) {
  const x = (place) => `${((100 * (place + 0.5)) / rows.length).toFixed(2)}%`;
  const y = (value) => `${(100 - (100 * value) / top).toFixed(2)}%`;
  const line = (name, from, to) => h.svg("line", { class: name, x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
  const shapes = [0, 0.5, 1].map((each) => line("plot-grid", ["0", `${100 * each}%`], ["100%", `${100 * each}%`]));
  if (goal) shapes.push(line("plot-target", ["0", y(goal)], ["100%", y(goal)]));
  for (const part of spread ? ["p90", "value"] : ["value"]) {
    rows.forEach(({ figure }, place) => {
      const here = figure?.[part], before = rows[place - 1]?.figure?.[part];
      if (here === null || here === undefined) return;
      if (before !== null && before !== undefined) shapes.push(line(`plot-${part}`, [x(place - 1), y(before)], [x(place), y(here)]));
      shapes.push(h.svg("circle", { class: `plot-${part}`, cx: x(place), cy: y(here), r: part === "value" ? 4 : 3 }));
    });
  }
  return h.svg("svg", { class: "plot-svg", width: "100%", height: TALL, focusable: "false" }, shapes);
}

function legend(spread, goal, measure) {
  const mark = (name, words) => h(
    "span",
    { class: "plot-mark" },
    h.svg("svg", { width: 26, height: 10, focusable: "false" }, h.svg("line", { class: `plot-${name}`, x1: 1, y1: 5, x2: 25, y2: 5 })),
    words,
  );
  return [
    mark("value", text.t(`measures.is_${measure.kind}`)),
    spread && mark("p90", text.t("measures.p90_long")),
    goal ? mark("target", text.t("measures.target_is", { goal: target(measure, null).words })) : null,
  ];
}

function dayTable(measure, rows, spread, title) {
  const heads = [text.t("measures.value"), spread && text.t("measures.p90"), text.t("measures.count")].filter(Boolean);
  return h(
    "table",
    { class: "plain days" },
    h("caption", { class: "unseen" }, title),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, text.t("measures.day")), heads.map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", null, rows.map(({ day, figure }) => h(
      "tr",
      null,
      h("th", { scope: "row" }, dayName(day)),
      cell(heads[0], said(measure, figure?.value)),
      spread && cell(heads[1], said(measure, figure?.p90)),
      cell(heads.at(-1), plain(figure?.n ?? 0)),
    ))),
  );
}

function more(rows) {
  const show = () => {
    for (const each of rows) each.hidden = false;
    rows[FEW].tabIndex = -1;
    rows[FEW].focus();
    button.remove();
  };
  const button = h("button", { type: "button", class: "small", on: { click: show } }, text.t("measures.show_all", { count: rows.length }));
  return button;
}

/** The next number that is round enough to stand at the end of a scale. */
function nice(value) {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * unit >= value) * unit;
}
