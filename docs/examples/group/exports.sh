#!/usr/bin/env bash
# Routes of the group exports. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${SESSION:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/exports" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "kind": "masked-waybills",
  "purpose": "deliver",
  "format": "csv",
  "from": "2026-11-01",
  "to": "2026-12-01"
}
BODY
)
LIST=$(member id <<< "$answer")
echo "LIST=$LIST"

curl -sS --fail-with-body "$MIDAN/v1/exports/$LIST?waitSeconds=60" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body "$MIDAN/v1/exports/$LIST/file" \
  -H "authorization: Bearer $SESSION"
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/exports" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"kind":"inspector-bundle","from":"2026-11-01","to":"2026-12-01"}
BODY
)
EXPORT=$(member id <<< "$answer")
echo "EXPORT=$EXPORT"

curl -sS --fail-with-body "$MIDAN/v1/exports/$EXPORT?waitSeconds=60" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body "$MIDAN/v1/exports" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body "$MIDAN/v1/exports/$EXPORT/file" \
  -H "authorization: Bearer $SESSION"
echo

curl -sS --fail-with-body -X DELETE "$MIDAN/v1/exports/$EXPORT" \
  -H "authorization: Bearer $SESSION"
echo
