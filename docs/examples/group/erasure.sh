#!/usr/bin/env bash
# Routes of the group erasure. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}" "${GONE:?}"

curl -sS --fail-with-body "$MIDAN/v1/waybills/$GONE/erase" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"reason":"客户要求删除"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/certificates" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"id":"$GONE"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/certificates/$GONE" \
  -H "authorization: Bearer $SESSION"
echo
