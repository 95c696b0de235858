#!/usr/bin/env bash
# Routes of the group reveal. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}" "${TOKEN:?}" "${GONE:?}"

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
