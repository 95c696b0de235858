#!/usr/bin/env bash
# Routes of the group accounts. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${RUN:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/accounts" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"name":"desk-$RUN","kind":"person","role":"support"}
BODY
)
ACCOUNT=$(member id <<< "$answer")
echo "ACCOUNT=$ACCOUNT"

curl -sS --fail-with-body -X POST "$MIDAN/v1/accounts/$ACCOUNT/invitation" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body -X PUT "$MIDAN/v1/accounts/$ACCOUNT/role" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"role":"auditor"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/accounts?limit=50" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body -X DELETE "$MIDAN/v1/accounts/$ACCOUNT" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body "$MIDAN/v1/accounts" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"name":"erp-$RUN","kind":"machine","role":"erp-machine"}
BODY
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/api-keys" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"account":"erp-$RUN","scopes":["seal","print"],"days":90}
BODY
)
API_KEY=$(member id <<< "$answer")
echo "API_KEY=$API_KEY"

curl -sS --fail-with-body "$MIDAN/v1/api-keys" \
  -H "authorization: Bearer $OWNER"
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/api-keys/$API_KEY/rotate" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"overlapHours":24,"days":90}
BODY
)
NEXT_KEY=$(member id <<< "$answer")
echo "NEXT_KEY=$NEXT_KEY"

curl -sS --fail-with-body -X DELETE "$MIDAN/v1/api-keys/$NEXT_KEY" \
  -H "authorization: Bearer $OWNER"
echo
