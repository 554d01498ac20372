// A text as it was written: marked words, signs that cannot be seen, long ones folded.

import { h } from "./dom.js";
import { places, stretches, visible } from "./ticket-marks.js";
import { text } from "./text.js";

const MOST_SHOWN = 1_600;
const FOLDED = 400;

/**
 * The element of a text. `reasons` are those whose words are marked in it; each mark names its
 * reason by `data-reason`. A long text is folded behind a button.
 */
export function written(words, { reasons = [], tag = "p", name = "", lang = null } = {}) {
  const whole = words ?? "";
  const body = h(tag, { class: "written", dir: "auto", lang });
  const most = mostOf(whole, reasons);
  const draw = (all) => body.replaceChildren(...parts(all ? whole : cut(whole, most), reasons));
  draw(whole.length <= most);
  return whole.length <= most ? body : h("div", null, body, unfold(draw, whole, name));
}

/** Where a text is folded: never above words that a reason stands on, nor for a few more lines. */
function mostOf(whole, reasons) {
  if (whole.length <= MOST_SHOWN + FOLDED) return whole.length;
  const last = Math.max(0, ...places(whole, spansOf(reasons)).map(([, ends]) => ends));
  const most = Math.max(MOST_SHOWN, last + FOLDED);
  return whole.length <= most + FOLDED ? whole.length : most;
}

function spansOf(reasons) {
  return reasons.map((reason) => reason.text_span);
}

/** A name, an address or a number of somebody outside: its direction stays its own affair. */
export function outside(words, props = {}) {
  return h("bdi", { ...props, class: `outside ${props.class ?? ""}`.trim() }, ...shown(words ?? ""));
}

/** Scroll to the first marked words of a reason, and put the focus there. */
export function showWords(root, number) {
  const mark = root.querySelector(`mark[data-reason~="${number}"]`);
  if (!mark) return false;
  mark.focus({ preventScroll: true });
  mark.scrollIntoView({ block: "center" });
  return true;
}

function parts(words, reasons) {
  return stretches(words, spansOf(reasons)).flatMap(({ text: piece, reasons: numbers }) =>
    numbers.length ? [marked(piece, numbers, reasons)] : shown(piece),
  );
}

function marked(piece, numbers, reasons) {
  const why = [...new Set(numbers.map((n) => reasons[n].why || reasons[n].effect))].join("; ");
  const kind = numbers.map((n) => kindOf(reasons[n])).sort(byWeight)[0];
  return h(
    "mark",
    { title: text.t("talk.matched", { why }), tabindex: -1, dataset: { reason: numbers.join(" "), kind } },
    ...shown(piece),
  );
}

const WEIGHTS = ["raises", "review", "other", "kept"];

function byWeight(one, other) {
  return WEIGHTS.indexOf(one) - WEIGHTS.indexOf(other);
}

/** What a reason does, by its effect: raises, review, kept (it does not raise) or other. */
export function kindOf(reason) {
  const effect = (reason.effect ?? "").toLowerCase();
  if (/\breview\b/.test(effect)) return "review";
  if (/^(kept|adds nothing|ignored|lowers|no )/.test(effect)) return "kept";
  return /scores [345]|raises|urgent/.test(effect) ? "raises" : "other";
}

function shown(words) {
  return visible(words).map((part) => (part.hidden ? sign(part) : part.text));
}

function sign({ hidden, times }) {
  const key = times > 1 ? "talk.hidden_times" : "talk.hidden";
  const said = text.t(key, { name: hidden, n: times });
  const words = times > 1 ? `${hidden}×${times}` : hidden;
  return h("span", { class: "hidden-sign", title: said, role: "img", "aria-label": said }, words);
}

// Never in the middle of a sign that takes two places.
function cut(whole, most) {
  return `${[...whole.slice(0, most)].slice(0, -1).join("")}…`;
}

function unfold(draw, whole, name) {
  let open = false;
  const words = () =>
    open ? text.t("talk.show_less") : text.t("talk.show_all", { n: text.number(whole.length) });
  const button = h(
    "button",
    {
      type: "button",
      class: "link-button",
      "aria-expanded": "false",
      "aria-label": name ? `${words()}: ${name}` : null,
      on: {
        click: () => {
          open = !open;
          draw(open);
          button.textContent = words();
          button.setAttribute("aria-expanded", String(open));
        },
      },
    },
    words(),
  );
  return button;
}
