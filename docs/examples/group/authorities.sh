#!/usr/bin/env bash
# Routes of the group authorities. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${HEADQUARTERS:?}" "${AUTHORITY:?}" "${UNTIL:?}" "${SESSION:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

curl -sS --fail-with-body -X PUT "$MIDAN/v1/organisations/$HEADQUARTERS/settings/authority-grant" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"value":"two","reason":"两人决定"}
BODY
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/authority-scopes" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "authority": "$AUTHORITY",
  "scope": "requests",
  "until": "$UNTIL",
  "basis": "监督检查",
  "document": "邮管函1号"
}
BODY
)
SCOPE=$(member id <<< "$answer")
echo "SCOPE=$SCOPE"

curl -sS --fail-with-body -X POST "$MIDAN/v1/authority-scopes/$SCOPE/approve" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body "$MIDAN/v1/authority-scopes" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/authority-scopes/$SCOPE/revoke" \
  -H "authorization: Bearer $OWNER"
echo
