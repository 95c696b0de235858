#!/usr/bin/env bash
# Routes of the group webhooks. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${RECEIVER:?}" "${KEY:?}" "${TOKEN:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/webhooks" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"url":"$RECEIVER","events":["waybill.state"]}
BODY
)
WEBHOOK=$(member id <<< "$answer")
echo "WEBHOOK=$WEBHOOK"

curl -sS --fail-with-body "$MIDAN/v1/webhooks" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/webhooks/$WEBHOOK/rotate" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body -X PUT "$MIDAN/v1/waybills/$TOKEN/state" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{"state":"arrived"}
BODY
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/webhooks/$WEBHOOK/deliveries" \
  -H "authorization: Bearer $OWNER")
DELIVERY=$(member items.0.id <<< "$answer")
echo "DELIVERY=$DELIVERY"

curl -sS --fail-with-body -X POST "$MIDAN/v1/webhooks/$WEBHOOK/deliveries/$DELIVERY/replay" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body -X DELETE "$MIDAN/v1/webhooks/$WEBHOOK" \
  -H "authorization: Bearer $OWNER"
echo
