#!/usr/bin/env bash
# Routes of the group requests. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}" "${TOKEN:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/requests" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"access","party":"recipient","token":"$TOKEN"}
BODY
)
REQUEST=$(member id <<< "$answer")
echo "REQUEST=$REQUEST"

curl -sS --fail-with-body -X POST "$MIDAN/v1/requests/$REQUEST/code" \
  -H "authorization: Bearer $SESSION"
echo

echo 'CODE?'
read -r CODE
curl -sS --fail-with-body "$MIDAN/v1/requests/$REQUEST/verify" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"code":"$CODE"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/requests/$REQUEST/answer" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{}
BODY
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/requests" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"explanation","party":"recipient","token":"$TOKEN"}
BODY
)
WITHDRAWN=$(member id <<< "$answer")
echo "WITHDRAWN=$WITHDRAWN"

curl -sS --fail-with-body "$MIDAN/v1/requests/$WITHDRAWN/refuse" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"reason":"withdrawn"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/requests?closed=true" \
  -H "authorization: Bearer $SESSION"
echo
