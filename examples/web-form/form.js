// A contact form: posts to the webhook of a `web` source, and shows what may answer while somebody
// writes. Everything from the server is put in as text and never as HTML. Nothing is stored.
import config from "./form.config.js"
import { needed, pauseAfter, shortest, words } from "./form.words.js"

const byId = (id) => document.getElementById(id)
const form = byId("ask")
let language = "en"
let submissionId = crypto.randomUUID() // a new one for each message, the same for a repeat
let asked = 0 // counts questions, so that a late answer never replaces a newer one
let waiting
let quietUntil = 0

const say = (key) => words[language][key]

// ---- language

function speak(chosen) {
  language = chosen
  document.documentElement.lang = chosen
  document.title = say("title")
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === chosen))
  }
  for (const field of needed) complain(field, "")
  suggest()
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language))
}

// ---- suggestions

byId("text").addEventListener("input", () => {
  clearTimeout(waiting)
  waiting = setTimeout(suggest, pauseAfter)
})

async function suggest() {
  const question = byId("text").value.trim().slice(0, 1000)
  const number = ++asked
  if (question.length < shortest) return showArticles([])
  if (Date.now() < quietUntil) return // what was said last stands: the banner above all
  const query = new URLSearchParams({ site: config.site, q: question, language })
  try {
    const answer = await fetch(`${config.api}/kb/suggest?${query}`, { credentials: "omit", referrerPolicy: "no-referrer" })
    if (answer.status === 429) quietUntil = Date.now() + 1000 * Number(answer.headers.get("retry-after") ?? 30)
    if (answer.ok && number === asked) show(await answer.json())
  } catch {
    // Without suggestions the form is still a form.
  }
}

function show({ articles, urgent, call }) {
  const banner = byId("urgent")
  if (urgent) {
    byId("urgent-text").textContent = call.text
    const ours = byId("our-phone")
    ours.hidden = !call.phone
    ours.textContent = `${say("callUs")} ${call.phone}`
    ours.href = `tel:${call.phone.replace(/[^+\d]/g, "")}`
  }
  banner.hidden = !urgent
  showArticles(urgent ? [] : articles)
}

function showArticles(shown) {
  byId("articles").replaceChildren(...shown.map(details))
  byId("suggested").hidden = shown.length === 0
  byId("announced").textContent = shown.length ? say("found").replace("{count}", shown.length) : ""
}

function details({ title, text, language: spoken }) {
  const box = document.createElement("details")
  const summary = document.createElement("summary")
  const body = document.createElement("p")
  summary.textContent = title
  body.className = "article"
  body.textContent = text
  box.lang = spoken
  box.append(summary, body)
  return box
}

// ---- sending

form.addEventListener("submit", async (event) => {
  event.preventDefault()
  const wrong = needed.filter((field) => !checked(field))
  if (wrong.length) return byId(wrong[0]).focus()
  const send = byId("send")
  send.disabled = true
  try {
    const fields = { ...Object.fromEntries(new FormData(form)), language, submission_id: submissionId }
    const answer = await fetch(`${config.api}/webhook/${config.site}/${config.source}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
    })
    answer.ok ? done() : refused(await answer.json().catch(() => ({})), answer)
  } catch {
    tell(say("offline"))
  } finally {
    send.disabled = false
  }
})

function checked(field) {
  const input = byId(field)
  const problem = input.value.trim() === "" ? say(`${field}Missing`) : input.validity.typeMismatch ? say("emailWrong") : ""
  complain(field, problem)
  return problem === ""
}

function complain(field, problem) {
  const input = byId(field)
  const place = byId(`${field}-problem`)
  place.textContent = problem
  place.hidden = problem === ""
  problem ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid")
}

function done() {
  submissionId = crypto.randomUUID()
  const urgent = !byId("urgent").hidden
  form.reset()
  if (!urgent) show({ articles: [], urgent: false }) // who was told to call must not lose the number
  tell(say(urgent ? "sentUrgent" : "sent"))
}

function refused({ reason }, answer) {
  if (answer.status === 422 && reason?.startsWith("email")) return complain("email", say("emailWrong"))
  const later = answer.headers.get("retry-after")
  tell(later ? say("later").replace("{seconds}", later) : say("failed"))
}

function tell(text) {
  byId("told").textContent = text
  byId("told").focus()
}

speak(navigator.language.toLowerCase().startsWith("es") ? "es" : "en")
