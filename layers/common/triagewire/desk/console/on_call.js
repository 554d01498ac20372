// Who is on call at a site now, and who is next.

import { api, part } from "./api.js";
import { h, replace } from "./dom.js";
import { text } from "./text.js";

let shown = null;

export default {
  path: "#/on-call/:site",
  title: () => text.t("on_call.title"),
  async show(root, { site }, shell) {
    const mine = (shown = { root, site, shell, last: "" });
    await draw(mine, {});
  },
  refresh: () => shown && draw(shown, { background: true }),
  leave() {
    shown = null;
  },
};

async function draw(mine, options) {
  const found = await api.get(`/desk/sites/${part(mine.site)}/on-call`, options);
  const key = JSON.stringify([found.now, found.next]);
  if (shown !== mine || mine.last === key) return;
  mine.last = key;
  const zone = mine.shell.zone(mine.site);
  replace(
    mine.root,
    h("h1", null, text.t("on_call.title")),
    h("p", { class: "dim" }, text.t("on_call.zone", { zone: zone ?? "UTC" })),
    h("h2", null, text.t("on_call.now")),
    table(mine, found.now, zone, false),
    h("h2", null, text.t("on_call.next")),
    table(mine, found.next, zone, true),
  );
}

function table({ shell, site }, rows, zone, later) {
  if (!rows.length) {
    return h("p", { class: `flag ${later ? "flag-note" : "flag-warning"}` }, text.t(later ? "on_call.nobody_next" : "on_call.nobody"));
  }
  const heads = ["who", "rota", later && "from", "until"].filter(Boolean);
  return h(
    "table",
    { class: "plain" },
    h("caption", { class: "unseen" }, text.t(later ? "on_call.next" : "on_call.now")),
    h("thead", null, h("tr", null, heads.map((each) => h("th", { scope: "col" }, text.t(`on_call.${each}`))))),
    h("tbody", null, rows.map((row) => h(
      "tr",
      { dataset: { member: row.member } },
      h("th", { scope: "row" }, name(shell, site, row)),
      h("td", { dataset: { label: text.t("on_call.rota") } }, row.rota ? text.code("rota", row.rota) : text.t("on_call.whole_week")),
      later && h("td", { dataset: { label: text.t("on_call.from") } }, text.when(row.from, zone)),
      h("td", { dataset: { label: text.t("on_call.until") } }, row.until ? text.when(row.until, zone) : text.t("on_call.open_end")),
    ))),
  );
}

function name(shell, site, row) {
  const words = row.name ?? shell.member(site, row.member);
  return row.member === shell.me.member ? text.t("ticket.you_named", { name: words }) : words;
}
