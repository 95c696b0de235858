#!/usr/bin/env bash
# Routes of the group waybills. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${KEY:?}" "${RUN:?}" "${SESSION:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/waybills" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "merchant": "青禾布艺",
  "carrier": "北辰物流",
  "goods": "陶瓷杯",
  "orderNumber": "A-$RUN",
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
TOKEN=$(member token <<< "$answer")
echo "TOKEN=$TOKEN"

answer=$(curl -sS --fail-with-body "$MIDAN/v1/waybills/batch" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "orders": [
    {
      "merchant": "青禾布艺",
      "carrier": "北辰物流",
      "goods": "陶瓷杯",
      "orderNumber": "B-$RUN",
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
    },
    {
      "merchant": "青禾布艺",
      "carrier": "北辰物流",
      "goods": "陶瓷杯",
      "orderNumber": "C-$RUN",
      "recipient": {
        "name": "林桐禾",
        "phone": "15400001234",
        "address": "江苏省南京市玄武区栖霞支路8号3幢501室"
      }
    }
  ]
}
BODY
)
BACK=$(member results.0.token <<< "$answer")
echo "BACK=$BACK"
GONE=$(member results.1.token <<< "$answer")
echo "GONE=$GONE"

answer=$(curl -sS --fail-with-body "$MIDAN/v1/waybills/platform-orders" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "platform": "taobao",
  "carrier": "北辰物流",
  "orders": [
    {
      "tid": "33$RUN",
      "oaid": "1Qm7+sYd0fXkA2vB==",
      "receiver_name": "林**",
      "receiver_mobile": "13900000012-123",
      "receiver_state": "江苏省",
      "receiver_city": "南京市",
      "receiver_district": "玄武区",
      "receiver_address": "栖霞**路*号"
    }
  ]
}
BODY
)
WITHHELD=$(member results.0.token <<< "$answer")
echo "WITHHELD=$WITHHELD"

curl -sS --fail-with-body "$MIDAN/v1/waybills/stream" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/x-ndjson' --data-binary @- <<BODY
{"order_number":"D-$RUN","carrier":"北辰物流","receiver":{"name":"林桐禾","phone":"15400001234","address":"江苏省南京市玄武区栖霞支路8号3幢501室"}}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/waybills/$TOKEN" \
  -H "authorization: Bearer $KEY"
echo

curl -sS --fail-with-body "$MIDAN/v1/waybills/$TOKEN/label" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{"format":"zpl","size":"100x150","reason":"damaged"}
BODY
echo

curl -sS --fail-with-body -X PUT "$MIDAN/v1/waybills/$TOKEN/state" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{"state":"undelivered"}
BODY
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/waybills/$WITHHELD/platform-token" \
  -H "authorization: Bearer $KEY"
echo

curl -sS --fail-with-body -X PUT "$MIDAN/v1/waybills/$TOKEN/address" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"address":"江苏省南京市玄武区栖霞支路9号1幢102室"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/waybills/$TOKEN/split" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"parcels":2}
BODY
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/waybills/$BACK/return" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body "$MIDAN/v1/merge-groups" \
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary @- <<BODY
{"tokens":["$TOKEN","$GONE"]}
BODY
echo
