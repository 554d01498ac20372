// How urgent a ticket is: by shape, by number, by word and by colour.

import { h, unseen } from "./dom.js";
import { text } from "./text.js";

/** The outlines in a field of 24 by 24: the more corners stand out, the more urgent. */
const SHAPES = {
  5: ["polygon", { points: "7.5,1 16.5,1 23,7.5 23,16.5 16.5,23 7.5,23 1,16.5 1,7.5" }],
  4: ["polygon", { points: "12,0.5 23.5,12 12,23.5 0.5,12" }],
  3: ["polygon", { points: "12,1 23.5,22 0.5,22" }],
  2: ["rect", { x: 2, y: 2, width: 20, height: 20, rx: 3 }],
  1: ["circle", { cx: 12, cy: 12, r: 10.5 }],
};

export const urgency = { badge, name, scores: [5, 4, 3, 2, 1] };

/** What a score is called. */
function name(score) {
  return text.t(`urgency.${score}`);
}

/** The sign of an urgency; `review` says that a person has yet to confirm it. */
function badge(score, review = false, { words = false } = {}) {
  const [shape, place] = SHAPES[score] ?? SHAPES[1];
  const said = review ? text.t("urgency.review", { name: name(score) }) : name(score);
  const sign = h.svg(
    "svg",
    { class: "urgency-sign", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    h.svg(shape, { class: "urgency-shape", ...place }),
    h.svg("text", { x: 12, y: score === 3 ? 19 : 16.5, "text-anchor": "middle" }, String(score)),
  );
  return h(
    "span",
    { class: "urgency", title: said, dataset: { urgency: score, review: review ? "yes" : null } },
    sign,
    review && h("span", { class: "urgency-review", "aria-hidden": "true" }, "?"),
    words ? h("span", { class: "urgency-name" }, said) : unseen(`${score}, ${said}`),
  );
}
