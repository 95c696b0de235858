#!/usr/bin/env bash
# Routes of the group law. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${COUNTER:?}" "${SESSION:?}" "${TOKEN:?}" "${OFFICER:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/real-name-records" \
  -H "authorization: Bearer $COUNTER" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"passport","number":"E00000001"}
BODY
)
RECORD=$(member id <<< "$answer")
echo "RECORD=$RECORD"

curl -sS --fail-with-body "$MIDAN/v1/real-name-records/status" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{}
BODY
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/warrants" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "about": [
    "$TOKEN",
    "$RECORD"
  ],
  "authority": "某市公安局",
  "document": "调证字1号",
  "days": 7
}
BODY
)
WARRANT=$(member id <<< "$answer")
echo "WARRANT=$WARRANT"

curl -sS --fail-with-body "$MIDAN/v1/warrants" \
  -H "authorization: Bearer $OFFICER"
echo

curl -sS --fail-with-body "$MIDAN/v1/warrants/$WARRANT/list" \
  -H "authorization: Bearer $OFFICER"
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/warrants/$WARRANT/confirm" \
  -H "authorization: Bearer $OFFICER"
echo

curl -sS --fail-with-body "$MIDAN/v1/real-name-records/$RECORD/open" \
  -H "authorization: Bearer $OFFICER" -H 'content-type: application/json' --data-binary @- <<BODY
{"reason":"依函调取"}
BODY
echo
