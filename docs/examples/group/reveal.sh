#!/usr/bin/env bash
# Routes of the group reveal. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}" "${TOKEN:?}" "${GONE:?}" "${OFFICER:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

curl -sS --fail-with-body "$MIDAN/v1/waybills/$TOKEN/reveal" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"fields":["recipient.phone"],"purpose":"contact"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/reveals" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "tokens": [
    "$TOKEN",
    "$GONE"
  ],
  "fields": [
    "recipient.phone"
  ],
  "purpose": "contact"
}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/search" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"phone":"15400001234"}
BODY
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/break-glass" \
  -H "authorization: Bearer $OFFICER" -H 'content-type: application/json' --data-binary @- <<BODY
{"token":"$TOKEN","reason":"收件人求助","evidence":"/9j/4A==","minutes":5}
BODY
)
GLASS=$(member id <<< "$answer")
echo "GLASS=$GLASS"

curl -sS --fail-with-body "$MIDAN/v1/break-glass" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/break-glass/$GLASS/evidence" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body "$MIDAN/v1/break-glass/$GLASS/acknowledge" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"finding":"justified"}
BODY
echo
