// What codes and ids are called: members, teams, places, and who did something.

import { text } from "./text.js";

/** The name of a member of a site, "you" for oneself; an id that nobody has stays an id. */
export function memberName(about, id) {
  if (!id) return text.t("ticket.nobody");
  const found = about.site?.members?.find((each) => each.id === id);
  const name = found?.name ?? id;
  return id === about.me?.member ? text.t("ticket.you_named", { name }) : name;
}

/** Only the name, where "you" would read oddly. */
export function plainName(about, id) {
  return about.site?.members?.find((each) => each.id === id)?.name ?? id;
}

/** What a team is called. */
export function teamName(id) {
  return id ? text.code("team", id) : "";
}

/** What a topic is called. */
export function topicName(id) {
  return id ? text.code("topic", id) : text.t("ticket.no_topic");
}

/** Team and member in one: "Clinical, Ana Ruiz". */
export function placeName(about, team, member) {
  return [teamName(team), member && plainName(about, member)].filter(Boolean).join(", ");
}

/** Who did something, by the ledger: a member, Triagewire itself, or what else has a name. */
export function actorName(about, actor) {
  const [kind, ...rest] = String(actor ?? "").split(":");
  if (kind === "system") return text.t("actor.system");
  if (kind === "automation") return text.t("actor.automation");
  if (kind === "requester") return text.t("actor.requester");
  if (kind === "staff") return memberName(about, rest.join(":"));
  return memberName(about, actor);
}

/** Several codes of a group as one list. */
export function codes(group, values) {
  return text.list((values ?? []).map((each) => text.code(group, each)));
}

/** Why a reply did not arrive, by its code. */
export function failedWhy(code) {
  const [, status] = /^http_(\d+)$/.exec(code) ?? [];
  return status ? text.t("failed.http", { status }) : text.code("failed_why", code);
}
