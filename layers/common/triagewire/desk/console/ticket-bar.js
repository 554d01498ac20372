// The acts of a ticket as buttons: those it allows can be pressed, the others say why not.

import { h } from "./dom.js";
import { text } from "./text.js";
import { actsOf } from "./ticket-acts.js";

const FIRST = new Set(["claim", "accept", "reply", "note", "decide", "handoff", "wait", "resume", "resolve", "reopen"]);

/** The buttons; `run(act)` is called for one that is pressed, also to say why it is barred. */
export function toolbar({ ticket, me }, run) {
  const all = actsOf(ticket, me);
  const next = nextOf(all);
  const made = (act) => button(act, act.id === next, run);
  const more = h("div", { class: "acts-more", id: "acts-more" }, all.filter((act) => !FIRST.has(act.id)).map(made));
  return h(
    "div",
    { class: "acts", role: "group", "aria-label": text.t("act.all") },
    all.filter((act) => FIRST.has(act.id)).map(made),
    toggle(more),
    more,
  );
}

/** What most people would do now: it stands out. */
function nextOf(all) {
  const free = all.filter((act) => !act.barred).map((act) => act.id);
  return ["decide", "reopen", "resume", "claim", "accept", "reply"].find((id) => free.includes(id));
}

function button({ id, key, barred }, isNext, run) {
  const why = barred ? text.t(barred) : "";
  const words = text.t(`act.${id}`);
  return h(
    "button",
    {
      type: "button",
      class: isNext ? "primary" : null,
      dataset: { act: id },
      "aria-disabled": barred ? "true" : null,
      "aria-keyshortcuts": key,
      "aria-description": why || null,
      title: why || text.t("act.with_key", { act: words, key }),
      on: { click: () => run(id) },
    },
    words,
    barred ? null : h("kbd", { "aria-hidden": "true" }, key),
  );
}

/** On a narrow screen the rarer acts are behind a button. */
function toggle(more) {
  const made = h("button", { type: "button", class: "acts-toggle quiet", "aria-expanded": "false", "aria-controls": "acts-more" }, text.t("act.more"));
  made.addEventListener("click", () => {
    const open = more.classList.toggle("open");
    made.setAttribute("aria-expanded", String(open));
    made.textContent = text.t(open ? "act.less" : "act.more");
  });
  return made;
}
