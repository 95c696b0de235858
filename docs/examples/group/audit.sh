#!/usr/bin/env bash
# Routes of the group audit. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}" "${TOKEN:?}"

curl -sS --fail-with-body "$MIDAN/v1/audit/queries" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"question":"reveals","purpose":"contact","limit":20}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/audit/waybill" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"token":"$TOKEN"}
BODY
echo
