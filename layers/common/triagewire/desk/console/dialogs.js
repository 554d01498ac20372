// What is asked before an act: each dialog gives what the act sends, and stays open until the desk
// has taken it.

import { api, part } from "./api.js";
import { h } from "./dom.js";
import { text } from "./text.js";
import { placeName, teamName, topicName } from "./ticket-names.js";
import { urgency } from "./urgency.js";

const NOTE = 4_000;
const TICKET_ID = /^[A-Z2-7]{10,64}$/;
const LONGEST_WAIT_MS = 90 * 86_400_000;

/**
 * The dialogs of a ticket's acts, by the act's name. Each takes `about`, {ticket, shell, site, me,
 * send(path, body)}, and gives {line, words}, or null when it was left.
 */
export const dialogs = { handoff, wait, resolve, reopen, respond, rescore, merge, unmerge, hold, release, reply_resolve };

async function handoff(about) {
  const { ticket, site } = about;
  const members = await membersOf(about);
  const answer = asked(about, {
    title: text.t("dialog.handoff"),
    fields: [
      { name: "team", label: text.t("dialog.team"), type: "select", value: ticket.team, options: teams(site, ticket.team) },
      { name: "member", label: text.t("dialog.member"), type: "select", options: memberOptions(about, members, ticket.team), hint: text.t("dialog.member_hint") },
      { name: "reason", label: text.t("dialog.reason"), type: "radio", required: true, options: options(about, "handoff_reasons", "handoff_reason", (each) => !["reviewed", "rescored"].includes(each)) },
      noteField(),
    ],
    label: text.t("act.handoff"),
    path: "reassign",
    body: ({ team, member, reason, note }) => ({ reason, ...given({ team, member, note }) }),
    words: (line) => text.t("done.handoff", { where: placeOf(about, line) }),
  });
  followTeam(about, members);
  return answer;
}

/** The members to choose from are those of the team that is chosen. */
function followTeam(about, members) {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const team = dialog?.querySelector("select[name=team]"), member = dialog?.querySelector("select[name=member]");
  team?.addEventListener("change", () => {
    const made = memberOptions(about, members, team.value).map(({ value, label }) => h("option", { value }, label));
    member.replaceChildren(...made);
  });
}

async function membersOf({ site, ticket, shell }) {
  if (shell.work?.site === ticket.site) return shell.work.members;
  try {
    return (await api.get(`/desk/sites/${part(ticket.site)}/presence`)).members;
  } catch {
    // Without it nobody is said to be at work; the names are known all the same.
    return (site?.members ?? []).map(({ id, name, teams: theirs }) => ({ member: id, name, teams: theirs }));
  }
}

function memberOptions(about, members, team) {
  const own = members.filter((each) => each.teams?.includes(team) && each.member !== about.ticket.assignee);
  const rank = (each) => (each.at_work ? 0 : 1);
  own.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, text.language));
  return [{ value: "", label: text.t("dialog.anyone") }, ...own.map((each) => ({ value: each.member, label: memberLabel(each) }))];
}

function memberLabel({ name, at_work: atWork, load, capacity }) {
  if (atWork === undefined) return name;
  const carries = capacity ? text.t("dialog.load_of", { load, capacity }) : text.t("dialog.load", { load });
  return atWork ? `${name} · ${carries}` : `${name} · ${text.t("dialog.not_at_work")}`;
}

function wait(about) {
  return asked(about, {
    title: text.t("dialog.wait"),
    fields: [
      { name: "waiting_for", label: text.t("dialog.waiting_for"), type: "radio", required: true, value: "requester", options: options(about, "pause_reasons", "waiting_for") },
      { name: "until", label: text.t("dialog.until"), type: "datetime-local", hint: text.t("dialog.until_hint"), min: local(Date.now()), max: local(Date.now() + LONGEST_WAIT_MS) },
    ],
    label: text.t("dialog.wait_label"),
    path: "wait",
    body: ({ waiting_for, until }) => ({ waiting_for, ...(until ? { until: new Date(until).toISOString() } : {}) }),
    words: (line) => {
      const stands = line.clock?.state === "paused" || line.resolution?.state === "paused";
      return text.t(stands ? "done.wait" : "done.wait_running", { when: text.when(line.wake_at, about.zone) });
    },
  });
}

function local(ms) {
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function resolve(about) {
  const unanswered = !about.ticket.responded_at && about.ticket.requester?.kind !== "unknown";
  return asked(about, {
    title: text.t("dialog.resolve"),
    above: unanswered ? h("p", { class: "flag flag-warning" }, text.t("dialog.resolve_unanswered")) : null,
    fields: [outcomeField(about)],
    label: text.t("act.resolve"),
    path: "resolve",
    body: ({ outcome }) => ({ outcome }),
    words: (line) => text.t("done.resolve", { outcome: text.code("outcome", line.outcome) }),
  });
}

/** The outcome with which a ticket is resolved once a reply has left; null when it was left. */
async function reply_resolve(about) {
  const answer = await about.shell.dialog({
    title: text.t("dialog.reply_resolve"),
    body: h("p", null, text.t("dialog.reply_resolve_more")),
    fields: [outcomeField(about, "answered")],
    submit: text.t("compose.send_then_go"),
  });
  return answer?.outcome ?? null;
}

function outcomeField(about, value) {
  return { name: "outcome", label: text.t("dialog.outcome"), type: "radio", required: true, value, options: options(about, "outcomes", "outcome") };
}

function reopen(about) {
  return asked(about, {
    title: text.t("dialog.reopen"),
    fields: [{ name: "reason", label: text.t("dialog.reason"), type: "radio", required: true, options: options(about, "reopen_reasons", "reopen_reason") }],
    label: text.t("act.reopen"),
    path: "reopen",
    body: ({ reason }) => ({ reason }),
    words: (line) => text.t("done.reopen", { where: placeOf(about, line) }),
  });
}

function respond(about) {
  const number = about.ticket.requester?.phone;
  return asked(about, {
    title: text.t("dialog.respond"),
    above: h("p", null, text.t("dialog.respond_more"), number ? h("strong", null, " ", h("bdi", null, number)) : null),
    fields: [{ name: "how", label: text.t("dialog.how"), type: "radio", required: true, value: "called", options: options(about, "answers", "how") }],
    label: text.t("dialog.respond_label"),
    path: "respond",
    body: ({ how }) => ({ how }),
    words: () => text.t("done.respond"),
  });
}

function rescore(about) {
  const { ticket, site } = about;
  const topics = [...new Set([ticket.topic, ...(site?.topics ?? [])])].filter(Boolean);
  return asked(about, {
    title: text.t("dialog.rescore"),
    above: h("p", null, text.t("dialog.rescore_more")),
    fields: [
      { name: "score", label: text.t("dialog.score"), type: "radio", required: true, value: ticket.urgency, options: urgency.scores.map((each) => ({ value: String(each), label: `${each} · ${urgency.name(each)}` })) },
      { name: "topic", label: text.t("dialog.topic"), type: "select", value: ticket.topic, options: topics.map((value) => ({ value, label: topicName(value) })) },
      { name: "team", label: text.t("dialog.team"), type: "select", value: ticket.team, options: teams(site, ticket.team).filter(({ value }) => value !== "review") },
      { name: "why", label: text.t("dialog.why"), type: "select", hint: ticket.urgency === 5 ? text.t("dialog.why_hint") : null, options: [{ value: "", label: text.t("dialog.why_none") }, ...options(about, "bases", "basis")] },
      noteField(),
    ],
    label: text.t("act.rescore"),
    path: "rescore",
    body: ({ score, topic, team, why, note }) => ({
      score: Number(score),
      ...given({ topic: topic !== ticket.topic && topic, team: team !== ticket.team && team, why, note }),
    }),
    words: (line) => text.t("done.rescore", {
      score: line.urgency,
      where: placeOf(about, line),
      when: line.clock ? text.when(line.clock.due_at, about.zone) : text.t("promise.none"),
    }),
    wide: true,
  });
}

function merge(about) {
  const known = (about.ticket.duplicates ?? []).filter((each) => each.status && about.ticket.linked.includes(each.id));
  return asked(about, {
    title: text.t("dialog.merge"),
    above: [h("p", null, text.t("dialog.merge_more")), known.length ? h("p", { class: "dim" }, text.t("dialog.merge_linked", { ids: text.list(known.map((each) => each.id)) })) : null],
    fields: [
      { name: "ticket", label: text.t("dialog.merge_ticket"), required: true, value: known[0]?.id ?? "", maxlength: 128 },
      { name: "reason", label: text.t("dialog.reason"), type: "radio", required: true, options: options(about, "merge_reasons", "merge_reason") },
    ],
    label: text.t("act.merge"),
    path: "merge",
    body: ({ ticket, reason }) => ({ ticket: idOf(ticket), reason }),
    words: () => text.t("done.merge"),
  });
}

/** A ticket's number, also where somebody pasted the address of its page. */
export function idOf(words) {
  const last = words.trim().split(/[/\s#]+/).filter(Boolean).at(-1) ?? "";
  const id = last.toUpperCase();
  return TICKET_ID.test(id) ? id : words.trim();
}

function unmerge(about, chosen) {
  const { ticket } = about;
  const known = new Map((ticket.duplicates ?? []).map((each) => [each.id, each]));
  const label = (id) => (known.get(id)?.topic ? `${topicName(known.get(id).topic)} · ${id}` : id);
  return asked(about, {
    title: text.t("dialog.unmerge"),
    above: h("p", null, text.t("dialog.unmerge_more")),
    fields: [
      { name: "ticket", label: text.t("dialog.unmerge_ticket"), type: "select", required: true, value: chosen ?? ticket.merged_from[0], options: ticket.merged_from.map((value) => ({ value, label: label(value) })) },
      { name: "reason", label: text.t("dialog.reason"), type: "radio", required: true, options: options(about, "unmerge_reasons", "unmerge_reason") },
    ],
    label: text.t("act.unmerge"),
    path: "unmerge",
    body: ({ ticket: id, reason }) => ({ ticket: id, reason }),
    words: () => text.t("done.unmerge"),
  });
}

const ENDS_A_HOLD = ["matter_closed", "placed_by_mistake"];
const HOLD_WHY = 500;

function hold(about) {
  return holding(about, "hold", (each) => !ENDS_A_HOLD.includes(each));
}

function release(about) {
  return holding(about, "release", (each) => [...ENDS_A_HOLD, "other"].includes(each));
}

/** Place a legal hold or release it, with why: the code is for the ledger, the words stay here. */
function holding(about, act, keep) {
  return asked(about, {
    title: text.t(`dialog.${act}`),
    above: h("p", null, text.t(`dialog.${act}_more`)),
    fields: [
      { name: "reason", label: text.t("dialog.reason"), type: "radio", required: true, options: options(about, "hold_reasons", "hold_reason", keep) },
      { name: "why", label: text.t("dialog.hold_why"), type: "textarea", rows: 3, required: true, maxlength: HOLD_WHY, hint: text.t("dialog.hold_hint") },
    ],
    label: text.t(`act.${act}`),
    path: "hold",
    body: ({ reason, why }) => ({ hold: act === "hold", reason, why }),
    words: () => text.t(`done.${act}`),
  });
}

/** Ask, send, and give the line that came of it with the words that say what happens next. */
function asked(about, { title, above, fields, label, path, body, words, wide }) {
  const run = async (values) => {
    const line = await about.send(path, body(values));
    return { line, words: words(line) };
  };
  return about.shell.dialog({ title, body: above, fields, submit: { label, run }, wide });
}

function options({ me }, name, group, keep = () => true) {
  return (me.codes?.[name] ?? []).filter(keep).map((value) => ({ value, label: text.code(group, value) }));
}

function teams(site, present) {
  const all = [...new Set([present, ...(site?.teams ?? []).map((each) => each.id)])].filter(Boolean);
  return all.map((value) => ({ value, label: teamName(value) }));
}

function noteField() {
  return { name: "note", label: text.t("dialog.note"), type: "textarea", rows: 3, maxlength: NOTE, hint: text.t("dialog.note_hint") };
}

function placeOf(about, line) {
  return line.assignee ? placeName(about, line.team, line.assignee) : text.t("dialog.queue_of", { team: teamName(line.team) });
}

function given(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}
