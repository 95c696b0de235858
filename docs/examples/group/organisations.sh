#!/usr/bin/env bash
# Routes of the group organisations. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${RUN:?}" "${SESSION:?}" "${TOKEN:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/organisations" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"headquarters","names":["北辰总部$RUN","栖霞网点$RUN"]}
BODY
)
HEADQUARTERS=$(member organisations.0.id <<< "$answer")
echo "HEADQUARTERS=$HEADQUARTERS"
OUTLET=$(member organisations.1.id <<< "$answer")
echo "OUTLET=$OUTLET"

answer=$(curl -sS --fail-with-body "$MIDAN/v1/organisations" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"branch","under":"$HEADQUARTERS","names":["南京分公司$RUN"]}
BODY
)
BRANCH=$(member organisations.0.id <<< "$answer")
echo "BRANCH=$BRANCH"

answer=$(curl -sS --fail-with-body "$MIDAN/v1/organisations" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"outlet","form":"franchise","names":["江宁网点$RUN"]}
BODY
)
OTHER=$(member organisations.0.id <<< "$answer")
echo "OTHER=$OTHER"

curl -sS --fail-with-body "$MIDAN/v1/organisations" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body "$MIDAN/v1/organisations/$OTHER/move" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"under":"$BRANCH","reason":"划归分公司"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/organisations/$OTHER/close" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"reason":"停业"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/waybills/$TOKEN/hand-over" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"to":"$OUTLET"}
BODY
echo
