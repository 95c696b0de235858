#!/usr/bin/env bash
# Routes of the group holds. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}" "${TOKEN:?}" "${UNTIL:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/holds" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"token":"$TOKEN","reason":"claim","authority":"客服部","until":"$UNTIL"}
BODY
)
HOLD=$(member id <<< "$answer")
echo "HOLD=$HOLD"

curl -sS --fail-with-body "$MIDAN/v1/holds?limit=10" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/holds/$HOLD/release" \
  -H "authorization: Bearer $SESSION"
echo
