// Where a ticket has been and what happened to it, from its ledger.

import { h } from "./dom.js";
import { text } from "./text.js";
import { actorName, memberName, placeName, teamName, topicName } from "./ticket-names.js";
import { chip } from "./ticket-parts.js";

/** Every place and pair of hands a ticket has been in, the latest first. */
export function routes(about) {
  const { legs, handoffs, misroutes, bounces } = about.ticket.routes;
  if (!legs.length) return h("p", { class: "dim" }, text.t("routes.none"));
  return [
    h("p", null, text.t("routes.counts", { handoffs, misroutes, bounces })),
    h("ol", { class: "history" }, [...legs].reverse().map((leg) => legRow(about, leg))),
  ];
}

function legRow(about, leg) {
  return h(
    "li",
    null,
    h("time", { datetime: leg.at }, text.when(leg.at, about.zone)),
    h(
      "span",
      { class: "history-what" },
      h("strong", null, placeName(about, leg.team, leg.member) || text.t("ticket.nobody")),
      leg.handoff ? [" ", chip(text.t("routes.handoff"))] : null,
      h("span", { class: "dim" }, `, ${actorName(about, leg.actor)}: ${reasonWords(leg.why)}`),
    ),
  );
}

/** The ledger of a ticket, the newest first; who only looked is left out until it is asked for. */
export function history(about) {
  const all = [...about.ticket.timeline].sort((one, other) => other.number - one.number);
  const list = h("ol", { class: "history" });
  const draw = (views) => {
    const shown = views ? all : all.filter((each) => each.action !== "viewed" || each.detail.emergency);
    list.replaceChildren(...shown.map((each) => eventRow(about, each)));
  };
  const box = h("input", { type: "checkbox", on: { change: () => draw(box.checked) } });
  draw(false);
  return [
    h("p", { class: "history-head" }, text.t("history.newest", { count: all.length })),
    h("label", { class: "check" }, box, h("span", null, text.t("history.show_views"))),
    list,
  ];
}

function eventRow(about, event) {
  const more = details(about, event);
  return h(
    "li",
    { dataset: { action: event.action } },
    h("time", { datetime: event.at }, text.when(event.at, about.zone)),
    h(
      "span",
      { class: "history-what" },
      h("strong", null, actorName(about, event.actor)),
      " ",
      eventWords(about, event),
      event.detail.emergency ? [" ", chip(text.t("history.emergency"))] : null,
      event.why ? h("span", { class: "dim" }, `: ${reasonWords(event.why)}`) : null,
      more.length ? h("span", { class: "history-more" }, more.join(" · ")) : null,
    ),
  );
}

function eventWords(about, { action, detail }) {
  if (action === "scored" && detail.score) {
    return text.t("event.scored_score", { score: detail.score, topic: topicName(detail.topic) });
  }
  if (action === "routed") {
    const where = placeName(about, detail.team, detail.member);
    if (where) return text.t("event.routed_to", { where });
  }
  if (action === "reassigned") {
    const where = placeName(about, detail.to_team, detail.to_member);
    if (where) return text.t("event.reassigned_to", { where });
  }
  return text.has(`event.${action}`) ? text.t(`event.${action}`) : text.code("action", action);
}

/** What a line of the ledger holds beyond its sentence, as far as it says something to a person. */
function details(about, { detail, policy_version: policy }) {
  const from = detail.score_before ?? detail.urgency_before;
  const to = detail.score ?? detail.urgency;
  const people = [detail.people, detail.awaited].flat().filter((each) => typeof each === "string");
  return [
    from && to && from !== to ? text.t("event.urgency_change", { from, to }) : "",
    detail.from_team && detail.to_team && detail.from_team !== detail.to_team
      ? text.t("history.from_to", { from: teamName(detail.from_team), to: teamName(detail.to_team) })
      : "",
    typeof detail.ticket === "string" ? `${text.t("ticket.id")} ${detail.ticket}` : "",
    detail.until ? text.t("history.until", { when: text.when(detail.until, about.zone) }) : "",
    detail.due_at ? text.t("history.due", { when: text.when(detail.due_at, about.zone) }) : "",
    detail.in_time === false ? text.t("history.late") : "",
    people.length ? text.list(people.map((each) => memberName(about, each))) : "",
    detail.made_by ? text.t("talk.made_by", { what: detail.made_by }) : "",
    policy ? text.t("history.policy", { version: policy }) : "",
  ].filter(Boolean);
}

/** A reason of the ledger: a code of ours in words, any other as it was written. */
export function reasonWords(why) {
  if (text.has(`why.${why}`)) return text.t(`why.${why}`);
  const [first, ...rest] = String(why).split("; ");
  const [lead, reason] = first.split(": ");
  const key = `why.${lead}: {reason}`;
  const told = reason && text.has(key) ? text.t(key, { reason: codeWords(reason) }) : codeWords(first);
  return [told, ...rest].join("; ");
}

function codeWords(word) {
  for (const group of ["handoff_reason", "outcome", "how", "waiting_for", "reopen_reason", "unmerge_reason", "merge_reason", "hold_reason", "purge_reason"]) {
    if (text.has(`code.${group}.${word}`)) return text.t(`code.${group}.${word}`);
  }
  return text.has(`why.${word}`) ? text.t(`why.${word}`) : word;
}
