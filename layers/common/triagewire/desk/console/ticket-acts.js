// Which acts a ticket allows, by its state: one table. The server decides; this says beforehand
// what it would answer, so that nobody has to try.

const AT_WORK = ["routed", "accepted", "reopened"];
const OPEN = [...AT_WORK, "waiting"];

/** The part of "who am I" that is about a ticket's site; undefined for a site one is not of. */
export function siteOf(me, ticket) {
  return me?.sites?.find((each) => each.id === ticket.site);
}

/** Whether somebody may change the ticket, and not only read it. */
export function mayWork(me, ticket) {
  const team = siteOf(me, ticket)?.teams.find((each) => each.id === ticket.team);
  return team ? team.work !== false : true;
}

/** Whether somebody may still look at a ticket that an act has moved. */
export function maySee(me, line) {
  const team = siteOf(me, line)?.teams.find((each) => each.id === line.team);
  return team ? team.see !== false : true;
}

function open({ ticket }) {
  return OPEN.includes(ticket.status) ? "" : stateWords(ticket);
}

// Who has been helped may still be written to; their answer opens the ticket again.
function writable(about) {
  return about.ticket.status === "resolved" ? "" : open(about);
}

function atWork({ ticket }) {
  if (ticket.status === "waiting") return "bar.waiting";
  return AT_WORK.includes(ticket.status) ? "" : stateWords(ticket);
}

function decided({ ticket }) {
  return ticket.review ? "bar.review" : "";
}

function stateWords(ticket) {
  if (["resolved", "closed", "merged", "new"].includes(ticket.status)) return `bar.${ticket.status}`;
  return "bar.state";
}

function notAnothers({ ticket, me }) {
  return ticket.assignee && ticket.assignee !== me.member ? "bar.anothers" : "";
}

// Who comes in an emergency leaves again: nothing becomes theirs.
function stays({ ticket, me }) {
  const team = siteOf(me, ticket)?.teams.find((each) => each.id === ticket.team);
  return team?.own === false ? "bar.emergency" : "";
}

function unclaimed({ ticket, me }) {
  return ticket.assignee === me.member ? "bar.mine" : "";
}

function untaken({ ticket, me }) {
  return ticket.assignee === me.member && ticket.accepted_at ? "bar.taken_up" : "";
}

function patient({ ticket }) {
  return ticket.verdict?.score === 5 && !ticket.review ? "bar.urgent_never_waits" : "";
}

function waits({ ticket }) {
  return ticket.status === "waiting" ? "" : "bar.not_waiting";
}

function resolved({ ticket }) {
  if (ticket.status === "closed") return "bar.closed";
  return ticket.status === "resolved" ? "" : "bar.not_resolved";
}

function told({ ticket }) {
  const late = ticket.breached_at && !ticket.clock?.stopped_at;
  const urgent = ticket.verdict?.score === 5;
  if (urgent || late || ticket.resolution?.breached || ticket.pages) return "";
  return "bar.nobody_told";
}

function unheard({ ticket }) {
  return ticket.acknowledged_at ? "bar.acknowledged" : "";
}

function notClosed({ ticket }) {
  return ["closed", "merged", "new"].includes(ticket.status) ? stateWords(ticket) : "";
}

function hasMerged({ ticket }) {
  if (!ticket.merged_from?.length) return "bar.nothing_merged";
  return ticket.status === "closed" ? "bar.closed" : "";
}

function rolesOf({ ticket, me }) {
  return siteOf(me, ticket)?.roles ?? [];
}

// To stop the destruction of words is for auditors too; to let it go on, for administrators alone.
function mayHold(about) {
  return rolesOf(about).some((each) => ["auditor", "administrator"].includes(each)) ? "" : "bar.no_holds";
}

function mayRelease(about) {
  return rolesOf(about).includes("administrator") ? "" : "bar.no_holds";
}

function unheld({ ticket }) {
  if (ticket.purged_at) return "bar.purged";
  return ticket.hold ? "bar.held" : "";
}

function held({ ticket }) {
  return ticket.hold ? "" : "bar.not_held";
}

function inReview({ ticket }) {
  return ticket.review ? "" : "bar.not_in_review";
}

/** Every act: its name, its key, and what may bar it, in the order in which it is told. */
export const ACTS = [
  { id: "claim", key: "c", bars: [open, stays, unclaimed, notAnothers] },
  { id: "accept", key: "a", bars: [atWork, stays, untaken, notAnothers] },
  { id: "reply", key: "r", bars: [writable] },
  { id: "note", key: "n", bars: [notClosed] },
  { id: "decide", key: "d", bars: [inReview], onlyWhenFree: true },
  { id: "handoff", key: "h", bars: [open, decided] },
  { id: "wait", key: "w", bars: [atWork, decided, patient], unlessWaiting: true },
  { id: "resume", key: "w", bars: [waits], onlyWhenFree: true },
  { id: "resolve", key: "e", bars: [open, decided] },
  { id: "reopen", key: "o", bars: [resolved], onlyWhenFree: true },
  { id: "acknowledge", key: "k", bars: [atWork, told, unheard] },
  { id: "respond", key: "p", bars: [open] },
  { id: "rescore", key: "s", bars: [open, decided] },
  { id: "merge", key: "m", bars: [open, decided] },
  { id: "unmerge", key: "u", bars: [hasMerged], onlyWhenFree: true },
  { id: "hold", key: "l", bars: [mayHold, unheld], onlyWhenFree: true, isNoWork: true },
  { id: "release", key: "l", bars: [mayRelease, held], onlyWhenFree: true, isNoWork: true },
];

/**
 * The acts as a ticket has them now: `barred` is the name of the words that say why one is not
 * possible, "" where it is. Acts that make no sense at all in a state are left out.
 */
export function actsOf(ticket, me) {
  const about = { ticket, me };
  return ACTS.map((act) => ({ ...act, barred: barOf(act, about) })).filter(
    (act) => !(act.onlyWhenFree && barOfState(act, about)) &&
      !(act.unlessWaiting && ticket.status === "waiting"),
  );
}

function barOf(act, about) {
  if (!act.isNoWork && !mayWork(about.me, about.ticket)) return "bar.read_only";
  return barOfState(act, about);
}

function barOfState(act, about) {
  for (const bar of act.bars) {
    const words = bar(about);
    if (words) return words;
  }
  return "";
}
