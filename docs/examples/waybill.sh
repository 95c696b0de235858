#!/usr/bin/env bash
# Seals one order, looks at its masks, prints its label, records its state. MIDAN is the server's
# address, KEY a machine's key.
set -euo pipefail

ask() {
  curl -sS --fail-with-body --retry 3 --max-time 30 -H "authorization: Bearer $KEY" "$@"
}

ask "$MIDAN/v1/waybills" -H 'content-type: application/json' -d @- > waybill.json <<'ORDER'
{"merchant":"青禾布艺","carrier":"北辰物流","orderNumber":"E-2","goods":"陶瓷杯",
 "recipient":{"name":"林桐禾","phone":"15400001234","address":"江苏省南京市玄武区栖霞支路8号3幢501室"}}
ORDER
token=$(sed -E 's/.*"token":"([^"]+)".*/\1/' waybill.json)

ask "$MIDAN/v1/waybills/$token"
echo
ask "$MIDAN/v1/waybills/$token/label" -H 'content-type: application/json' \
  -d '{"format":"png","size":"100x150"}' -o label.png
ask "$MIDAN/v1/waybills/$token/state" -X PUT -H 'content-type: application/json' \
  -d '{"state":"undelivered"}'
