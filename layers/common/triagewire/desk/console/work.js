// How a site's teams and people stand: for leads to see where help is needed.

import { api, part } from "./api.js";
import { clock } from "./clock.js";
import { h, replace } from "./dom.js";
import { text } from "./text.js";
import { teamName } from "./ticket-names.js";
import { urgency } from "./urgency.js";

const AGES = ["1h", "4h", "1d", "3d", "older"];

let shown = null;

export default {
  path: "#/teams/:site",
  title: () => text.t("work.title"),
  async show(root, { site }, shell) {
    const mine = (shown = { root, site, shell, last: "" });
    await look(mine, {});
  },
  refresh: () => shown && look(shown, { background: true }),
  leave() {
    shown = null;
  },
};

async function look(mine, options) {
  const found = await api.get(`/desk/sites/${part(mine.site)}/work`, options);
  const key = JSON.stringify([found.teams, found.members]);
  if (shown !== mine || mine.last === key) return;
  const focused = mine.root.contains(document.activeElement) && document.activeElement.getAttribute("href");
  mine.last = key;
  draw(mine, found);
  if (focused) mine.root.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function draw({ root, site, shell }, { teams, members }) {
  const about = { site, shell, zone: shell.zone(site) };
  const open = teams.reduce((sum, each) => sum + each.open, 0), late = teams.reduce((sum, each) => sum + each.late, 0);
  replace(
    root,
    h("h1", null, text.t("work.title")),
    h("p", { class: "work-sum" }, text.t("work.sum", { count: open, late })),
    h("h2", null, text.t("work.teams")),
    h("div", { class: "cards" }, teams.map((each) => teamCard(about, each))),
    h("h2", null, text.t("work.members")),
    members.length ? memberTable(about, members) : h("p", { class: "dim" }, text.t("work.no_members")),
  );
}

function teamCard({ site, shell, zone }, team) {
  const path = team.team === "review" ? shell.href("#/review/:site", { site }) : shell.href("#/queues/:site/:team", { site, team: team.team });
  return h(
    "section",
    { class: "card", "aria-label": teamName(team.team), dataset: { team: team.team, late: team.late ? "yes" : null } },
    h("h3", null, h("a", { href: path }, teamName(team.team)), h("span", { class: "card-count" }, text.t("work.open", { count: team.open }))),
    h(
      "dl",
      { class: "card-facts" },
      fact("work.late", team.late, team.late > 0),
      fact("work.nobody", team.nobody, team.nobody > 0),
      fact("work.waiting", team.waiting),
      fact("work.oldest", team.oldest_received_at ? text.span((clock.now() - Date.parse(team.oldest_received_at)) / 60_000) : "–"),
      fact("work.due", team.oldest_due_at ? text.when(team.oldest_due_at, zone) : "–"),
    ),
    team.open ? [h("h4", null, text.t("work.by_urgency")), urgencies(team), h("h4", null, text.t("work.ageing")), ages(team)] : null,
  );
}

function fact(key, value, warns = false) {
  return h("div", { dataset: { warns: warns ? "yes" : null } }, h("dt", null, text.t(key)), h("dd", null, String(value)));
}

function urgencies({ by_urgency: counts }) {
  const rows = urgency.scores.filter((score) => counts[score]);
  return h("ul", { class: "urgencies" }, rows.map((score) => h("li", null, urgency.badge(score), h("span", null, text.number(counts[score])))));
}

function ages({ ageing, open }) {
  return h(
    "ol",
    { class: "ages" },
    AGES.map((age) => {
      const count = ageing[age] ?? 0;
      return h(
        "li",
        { dataset: { age } },
        h("span", { class: "age-name" }, text.t(`work.age_${age}`)),
        h("meter", { min: 0, max: Math.max(1, open), value: count, "aria-hidden": "true" }),
        h("span", { class: "age-count" }, text.number(count)),
      );
    }),
  );
}

function memberTable({ shell }, members) {
  const rank = (each) => (each.at_work ? 0 : 1);
  const rows = [...members].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, text.language));
  const heads = ["member", "presence", "load", "held", "late"];
  return h(
    "table",
    { class: "plain members" },
    h("caption", { class: "unseen" }, text.t("work.members")),
    h("thead", null, h("tr", null, heads.map((each) => h("th", { scope: "col" }, text.t(`work.${each}`))))),
    h("tbody", null, rows.map((each) => memberRow(shell, each))),
  );
}

function memberRow(shell, each) {
  const cell = (name, ...words) => h("td", { dataset: { label: text.t(`work.${name}`) } }, ...words);
  return h(
    "tr",
    { dataset: { member: each.member, at_work: each.at_work ? "yes" : "no" } },
    h(
      "th",
      { scope: "row" },
      each.member === shell.me.member ? text.t("ticket.you_named", { name: each.name }) : each.name,
      h("span", { class: "dim" }, ` ${each.teams.map(teamName).join(", ")}`),
    ),
    cell("presence", h("span", { class: "presence-mark", "aria-hidden": "true" }, each.at_work ? "●" : "○"), " ", presence(shell, each)),
    cell("load", load(each)),
    cell("held", text.number(each.held ?? 0)),
    cell("late", each.late ? h("strong", { class: "late-count" }, text.number(each.late)) : "0"),
  );
}

function presence(shell, each) {
  const zone = shell.zone(shell.chosen().id);
  if (each.leave_until) return text.t("work.leave", { until: new Date(`${each.leave_until}T12:00:00Z`).toLocaleDateString(text.language, { day: "numeric", month: "short", timeZone: "UTC" }) });
  if (each.away) return each.away_until ? text.t("work.away_until", { until: text.when(each.away_until, zone) }) : text.t("work.away");
  if (each.at_work) return each.shift_ends_at ? text.t("work.here_until", { until: text.when(each.shift_ends_at, zone) }) : text.t("work.here");
  return text.t("work.off");
}

function load({ load: carried, capacity }) {
  if (!capacity) return text.number(carried);
  return [
    h("meter", { min: 0, max: capacity, value: Math.min(carried, capacity), high: capacity * 0.8, optimum: 0, "aria-hidden": "true" }),
    ` ${text.t("work.load_of", { load: text.number(carried), capacity: text.number(capacity) })}`,
  ];
}
