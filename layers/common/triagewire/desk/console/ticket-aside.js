// What stands beside a conversation: unreadable bodies, programs at work, and other tickets.

import { h, isSafeAddress } from "./dom.js";
import { text } from "./text.js";
import { placeName, topicName } from "./ticket-names.js";
import { away, chip, facts, section, size, warning } from "./ticket-parts.js";
import { outside, written } from "./ticket-text.js";
import { urgency } from "./urgency.js";

/** A body that no adapter could read, for a person to read instead. */
export function unreadable({ ticket, zone }) {
  const kept = ticket.quarantine;
  if (!kept && !ticket.unreadable) return null;
  return section(
    "unread",
    text.t("unread.heading"),
    kept && warning(text.t("unread.why", { reason: kept.reason })),
    kept && facts([
      [text.t("unread.source"), outside(kept.source)],
      [text.t("unread.type"), kept.media_type && outside(kept.media_type)],
      [text.t("unread.size"), size(kept.size_bytes, text.number)],
      [text.t("unread.settled"), kept.settled && `${text.code("settled", kept.settled)}, ${text.when(kept.settled_at, zone)}`],
      [text.t("unread.tickets"), kept.tickets?.length ? kept.tickets.map((id) => [ticketLink(id), " "]) : null],
    ]),
    ticket.body ? written(ticket.body, { tag: "pre", name: text.t("unread.heading") }) : null,
    kept && !kept.shown_whole ? h("p", { class: "dim" }, text.t("unread.cut")) : null,
    kept?.link && /^https?:/.test(kept.link) && isSafeAddress(kept.link)
      ? h("p", null, away(kept.link, text.t("unread.open")))
      : null,
  );
}

/** How far a program has come with a request that it may settle. */
export function automation({ ticket, zone }) {
  const asked = ticket.automation;
  if (!asked) return null;
  const known = text.has(`robot.${asked.state}`);
  const waits = asked.state === "requested";
  return section(
    "robot",
    text.t("robot.heading"),
    facts([
      [text.t("robot.what"), text.code("automation", asked.type)],
      [text.t("robot.state"), known ? text.t(`robot.${asked.state}`) : text.code("automation", asked.state)],
      [text.t("robot.since"), asked.at && text.when(asked.at, zone)],
      [text.t("robot.due"), waits && asked.due_at && text.when(asked.due_at, zone)],
      [text.t("robot.reference"), asked.reference && outside(asked.reference)],
    ]),
  );
}

/** What was merged into a ticket, and what it is linked to. */
export function others(about) {
  const { ticket } = about;
  const known = new Map((ticket.duplicates ?? []).map((each) => [each.id, each]));
  if (!ticket.merged_from.length && !ticket.linked.length) return null;
  return section(
    "others",
    text.t("other.heading"),
    list(text.t("other.merged"), ticket.merged_from, (id) => [otherLine(about, known.get(id), id), unmergeButton(about, id)]),
    list(text.t("other.linked"), ticket.linked, (id) => otherLine(about, known.get(id), id)),
  );
}

function list(heading, ids, make) {
  if (!ids.length) return null;
  return [h("h3", null, heading), h("ul", { class: "others" }, ids.map((id) => h("li", null, make(id))))];
}

function otherLine(about, line, id) {
  if (!line?.status) return h("span", null, h("code", null, id), " ", h("span", { class: "dim" }, text.t("other.not_yours")));
  return h(
    "span",
    { class: "other" },
    line.urgency && urgency.badge(line.urgency, line.review),
    ticketLink(id, topicName(line.topic)),
    chip(text.code("status", line.status), `state-${line.status}`),
    h("span", { class: "dim" }, placeName(about, line.team, line.assignee)),
  );
}

function unmergeButton({ allowed, unmerge }, id) {
  if (!allowed) return null;
  const words = text.t("other.unmerge", { id });
  return h("button", { type: "button", class: "small", "aria-label": words, on: { click: () => unmerge(id) } }, text.t("act.unmerge"));
}

/** A link to a ticket of ours. */
export function ticketLink(id, words) {
  return h("a", { href: `#/tickets/${encodeURIComponent(id)}` }, words ? [words, " ", h("code", null, id)] : h("code", null, id));
}
