// What differs from clinic to clinic. `api` is the output ApiUrl of your stack.
export default {
  api: "https://abc123.execute-api.us-east-1.amazonaws.com/prod",
  site: "riverside",
  source: "page",
}
