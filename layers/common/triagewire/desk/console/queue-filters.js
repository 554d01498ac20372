// What of a queue is shown: held by whom, how urgent, late, in which state, language and channel.

import { h } from "./dom.js";
import { text } from "./text.js";

const NAMES = ["assignee", "urgency", "status", "language", "channel", "late"];
const STATES = ["routed", "accepted", "waiting", "reopened"];
const CHANNELS = ["ehr", "phone", "sms", "email", "web", "chat", "helpdesk", "monitoring"];

/** The filters that a hash names. */
export function filtersOf(query) {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]));
}

/** The bar of them; `changed(filters)` hears of every change. */
export function filterBar(shell, site, filters, changed) {
  const now = { ...filters };
  const fields = [];
  const set = (name, value) => {
    now[name] = value;
    clear.hidden = !Object.values(now).some(Boolean);
    changed({ ...now });
  };
  const choice = (name, label, options) => {
    const id = `filter-${name}`;
    const rows = options.map(([value, words]) => h("option", { value, selected: now[name] === value }, words));
    const input = h("select", { id, on: { change: () => set(name, input.value) } }, rows);
    fields.push(() => {
      input.value = "";
    });
    return h("div", { class: "filter" }, h("label", { for: id }, label), input);
  };
  const any = ["", text.t("filter.any")];
  const others = site.members.filter((each) => each.id !== shell.me.member);
  const late = h("input", { type: "checkbox", checked: now.late === "true", on: { change: () => set("late", late.checked ? "true" : "") } });
  fields.push(() => {
    late.checked = false;
  });
  const clear = h("button", { type: "button", class: "quiet", hidden: !Object.values(now).some(Boolean) }, text.t("filter.clear"));
  clear.addEventListener("click", () => {
    for (const reset of fields) reset();
    for (const name of NAMES) now[name] = "";
    clear.hidden = true;
    changed({ ...now });
  });
  const languages = [...new Set(["en", "es", ...site.languages])];
  const bar = h(
    "div",
    { class: "filters", id: "filters", role: "group", "aria-label": text.t("filter.all") },
    choice("assignee", text.t("filter.holder"), [
      ["", text.t("filter.anyone")],
      ["me", text.t("filter.mine")],
      ["nobody", text.t("filter.nobody")],
      ...others.map((each) => [each.id, each.name]),
    ]),
    choice("urgency", text.t("filter.urgency"), [any, ...[5, 4, 3, 2, 1].map((each) => [String(each), `${each}, ${text.t(`urgency.${each}`)}`])]),
    choice("status", text.t("filter.status"), [any, ...STATES.map((each) => [each, text.code("status", each)])]),
    choice("language", text.t("filter.language"), [any, ...languages.map((each) => [each, text.languageName(each)])]),
    choice("channel", text.t("filter.channel"), [any, ...CHANNELS.map((each) => [each, text.code("channel", each)])]),
    h("label", { class: "filter-check" }, late, text.t("filter.late")),
    clear,
  );
  return [opener(bar, now), bar];
}

/** On a narrow screen the filters are folded away; how many of them hold is said. */
function opener(bar, now) {
  const button = h("button", { type: "button", class: "filters-open", "aria-expanded": "false", "aria-controls": "filters" });
  const draw = () => {
    const count = Object.values(now).filter(Boolean).length;
    button.textContent = count ? text.t("filter.some", { count }) : text.t("filter.all");
  };
  button.addEventListener("click", () => {
    const open = bar.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });
  bar.addEventListener("change", () => setTimeout(draw));
  bar.addEventListener("click", () => setTimeout(draw));
  draw();
  return button;
}
