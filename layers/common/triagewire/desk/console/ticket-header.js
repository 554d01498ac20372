// The top of a ticket: what it is, how it stands, who holds it, and how its clocks run.

import { clock } from "./clock.js";
import { h } from "./dom.js";
import { text } from "./text.js";
import { memberName, teamName, topicName } from "./ticket-names.js";
import { chip, facts, warning } from "./ticket-parts.js";
import { ageWords } from "./ticket-people.js";
import { outside } from "./ticket-text.js";
import { urgency } from "./urgency.js";

/** The header of a ticket; `about` is {ticket, site, zone, me, copied}. */
export function header(about) {
  const { ticket } = about;
  return h(
    "header",
    { class: "ticket-head", dataset: { ticket: ticket.id } },
    h(
      "div",
      { class: "ticket-title" },
      urgency.badge(ticket.urgency, ticket.review, { words: true }),
      h("h1", { tabindex: -1 }, ticket.unreadable && !ticket.topic ? text.t("ticket.unreadable") : topicName(ticket.topic)),
      chip(text.code("status", ticket.status), `state-${ticket.status}`),
      idButton(about),
    ),
    glance(about),
    h("div", { class: "clocks" }, promise(about, "clock"), promise(about, "resolution")),
    flags(about),
  );
}

function idButton({ ticket, copied }) {
  const copy = async () => {
    await navigator.clipboard?.writeText(ticket.id);
    copied();
  };
  return h(
    "button",
    { type: "button", class: "ticket-id", title: text.t("ticket.copy"), on: { click: copy } },
    h("span", { class: "unseen" }, `${text.t("ticket.copy")}: `),
    h("code", null, ticket.id),
  );
}

function glance(about) {
  const { ticket, zone } = about;
  const held = ticket.assignee
    ? [memberName(about, ticket.assignee), !ticket.accepted_at && h("span", { class: "dim" }, ` (${text.t("ticket.not_accepted")})`)]
    : h("strong", null, text.t("ticket.nobody"));
  return facts(
    [
      [text.t("who.heading"), whoAsks(ticket)],
      [text.t("ticket.owner"), held],
      [text.t("ticket.team"), teamName(ticket.team)],
      [text.t("ticket.received"), text.when(ticket.received_at, zone)],
      [text.t("ticket.came_by"), channels(ticket)],
      [text.t("ticket.language"), ticket.language && text.languageName(ticket.language)],
    ],
    "glance",
  );
}

/** Who asks in a few words: the name, or what else they stated, and the age where it is known. */
function whoAsks({ requester, messages }) {
  const name = requester.name || requester.email || requester.phone || requester.patient_id;
  const ages = messages.flatMap((each) => [each.context?.age_years, each.record?.facts?.age_years]);
  const age = ages.find((each) => each !== null && each !== undefined) ?? bornAgo(requester);
  return [
    name ? outside(name) : text.code("requester", requester.kind),
    age === undefined ? null : h("span", { class: "dim" }, `, ${ageWords(age)}`),
    requester.on_behalf ? h("span", { class: "dim" }, `, ${text.t("who.by_another")}`) : null,
  ];
}

// A birth date that a proxy states may be their own, so no age is told from it.
function bornAgo({ kind, date_of_birth: born, on_behalf: byAnother }) {
  if (!born || byAnother || kind !== "patient") return undefined;
  return (clock.now() - Date.parse(born)) / (365.2425 * 86_400_000);
}

function channels({ channels: first, duplicate_channels: others }) {
  const named = (list) => text.list(list.map((each) => text.code("channel", each)));
  if (!others?.length) return named(first);
  return text.t("ticket.came_also_by", { channels: named(first), others: named(others) });
}

/** One promise: what is left of it, and behind a fold how that is counted. */
function promise(about, which) {
  const { ticket, zone } = about;
  const view = ticket[which];
  if (!view) return null;
  const next = which === "clock" && ticket.responded_at && view.state !== "stopped";
  const name = text.t(which === "resolution" ? "promise.resolution" : next ? "promise.next" : "promise.first");
  return h(
    "div",
    { class: "promise", dataset: { state: view.state, late: view.breached ? "yes" : null } },
    h("h2", null, name),
    view.state === "stopped" ? ended(view) : clock.countdown(ticket, undefined, { zone, which }),
    gauge(view, name),
    h("details", null, h("summary", null, text.t("promise.explain")), counted(about, view)),
  );
}

function ended(view) {
  const key = view.breached ? "promise.ended_late" : "promise.kept_at";
  const values = { elapsed: text.span(view.elapsed_minutes), target: text.span(view.target_minutes) };
  return h("p", { class: "promise-ended" }, text.t(key, values));
}

function gauge(view, name) {
  const share = Math.min(1, view.elapsed_minutes / Math.max(1, view.target_minutes));
  const said = text.t("promise.gauge", {
    elapsed: text.span(view.elapsed_minutes),
    target: text.span(view.target_minutes),
  });
  return h("meter", { min: 0, max: 1, value: share, "aria-label": `${name}: ${said}`, title: said });
}

function counted({ zone }, view) {
  const left = view.remaining_minutes;
  const stands = view.paused_at && view.state === "paused";
  return [
    facts(
      [
        [text.t("promise.target"), text.span(view.target_minutes)],
        [text.t("promise.elapsed"), text.span(view.elapsed_minutes)],
        [text.t("promise.paused"), view.paused_minutes > 0 && text.span(view.paused_minutes)],
        [text.t(left < 0 ? "promise.late" : "promise.left"), text.span(Math.abs(left))],
        [text.t("promise.started"), text.when(view.started_at, zone)],
        [text.t("promise.remind"), text.when(view.remind_at, zone)],
        [text.t("promise.due"), text.when(view.due_at, zone)],
        [text.t("promise.stopped"), view.stopped_at && text.when(view.stopped_at, zone)],
      ],
      "counted",
    ),
    stands &&
      h("p", null, text.t("promise.stands", {
        when: text.when(view.paused_at, zone),
        whom: text.code("waiting_for", view.paused_for),
      })),
    h("p", { class: "dim" }, text.t(`promise.hours_${view.calendar}`)),
  ];
}

/** What must be known before anything is done, each in a line. */
function flags(about) {
  const { ticket, zone } = about;
  const told = keeping(about);
  if (ticket.verdict?.crisis) told.push(warning(text.t("ticket.crisis"), "danger"));
  if (ticket.review) {
    told.push(warning(h("span", null, text.t("ticket.under_review"), " ", h("a", { href: `#/review/${encodeURIComponent(ticket.site)}` }, text.t("ticket.go_to_review")))));
  }
  if (ticket.unreachable) told.push(warning(text.t("ticket.unreachable"), "danger"));
  if (["failed", "undeliverable"].includes(ticket.delivery)) {
    told.push(warning(`${text.t("ticket.delivery")}: ${text.code("delivery", ticket.delivery)}`, "danger"));
  }
  if (ticket.status === "waiting") told.push(warning(waits(ticket, zone), "note"));
  if (ticket.outcome) {
    const values = { outcome: text.code("outcome", ticket.outcome), when: text.when(ticket.resolved_at, zone) };
    told.push(warning(text.t("ticket.outcome", values), "note"));
  }
  if (ticket.survey?.score) told.push(warning(text.t("ticket.rated", { score: ticket.survey.score }), "note"));
  if (ticket.pages) told.push(warning(text.t("ticket.pages", { count: ticket.pages }), ticket.acknowledged_at ? "note" : "warning"));
  if (ticket.acknowledged_at) {
    const values = { who: memberName(about, ticket.acknowledged_by), when: text.when(ticket.acknowledged_at, zone) };
    told.push(warning(text.t("ticket.acknowledged", values), "note"));
  }
  if (ticket.reopened) told.push(warning(text.t("ticket.reopened_times", { count: ticket.reopened }), "note"));
  if (ticket.quiet) told.push(warning(text.t("ticket.quiet"), "note"));
  return told.length ? h("div", { class: "flags" }, told) : null;
}

/** Whether its words are held, are gone, or will go, and when. */
function keeping(about) {
  const { ticket, zone } = about;
  if (ticket.hold) {
    const { by, at, reason, why } = ticket.hold;
    const values = { reason: text.code("hold_reason", reason), who: memberName(about, by), when: text.when(at, zone) };
    return [warning(h("span", { dataset: { hold: "yes" } }, text.t("ticket.held", values), " ", outside(why)))];
  }
  if (ticket.purged_at) return [warning(text.t("ticket.purged", { when: text.when(ticket.purged_at, zone) }))];
  return ticket.purge_at ? [warning(text.t("ticket.purge_at", { when: text.when(ticket.purge_at, zone) }), "note")] : [];
}

function waits(ticket, zone) {
  const whom = text.code("waiting_for", ticket.waiting_for);
  if (!ticket.wake_at) return text.t("ticket.waits_open", { whom });
  return text.t("ticket.waits", { whom, when: text.when(ticket.wake_at, zone) });
}
