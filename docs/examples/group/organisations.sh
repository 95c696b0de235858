#!/usr/bin/env bash
# Routes of the group organisations. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${RUN:?}" "${SESSION:?}" "${TOKEN:?}" "${KEY:?}" "${UNTIL:?}"

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

answer=$(curl -sS --fail-with-body "$MIDAN/v1/organisations" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"merchant","under":"$BRANCH","names":["代工厂$RUN"]}
BODY
)
SUPPLIER=$(member organisations.0.id <<< "$answer")
echo "SUPPLIER=$SUPPLIER"

answer=$(curl -sS --fail-with-body "$MIDAN/v1/waybills" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "merchant": "青禾布艺",
  "carrier": "北辰物流",
  "goods": "陶瓷杯",
  "orderNumber": "E-$RUN",
  "recipient": {
    "name": "林桐禾",
    "phone": "15400001234",
    "address": "江苏省南京市玄武区栖霞支路8号3幢501室"
  },
  "sender": {
    "name": "青禾布艺",
    "phone": "15400005678",
    "address": "浙江省杭州市西湖区梅花路8号"
  }
}
BODY
)
SUPPLIED=$(member token <<< "$answer")
echo "SUPPLIED=$SUPPLIED"

curl -sS --fail-with-body "$MIDAN/v1/drop-ships" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "tokens": [
    "$SUPPLIED"
  ],
  "supplier": "$SUPPLIER",
  "prints": 2,
  "until": "$UNTIL"
}
BODY
echo

curl -sS --fail-with-body -X DELETE "$MIDAN/v1/waybills/$SUPPLIED/drop-ship" \
  -H "authorization: Bearer $OWNER"
echo
