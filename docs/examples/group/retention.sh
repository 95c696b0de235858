#!/usr/bin/env bash
# Routes of the group retention. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}"

curl -sS --fail-with-body "$MIDAN/v1/retention" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body -X PUT "$MIDAN/v1/retention/access-delivered" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"days":20,"reason":"缩短查看期"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/retention/plan?days=400" \
  -H "authorization: Bearer $SESSION"
echo
