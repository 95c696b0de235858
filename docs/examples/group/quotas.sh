#!/usr/bin/env bash
# Routes of the group quotas. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${SECOND:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

answer=$(curl -sS --fail-with-body "$MIDAN/v1/quotas/raises" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"scope":"tenant","span":"day","extra":100,"hours":8,"reason":"大促"}
BODY
)
RAISE=$(member id <<< "$answer")
echo "RAISE=$RAISE"

curl -sS --fail-with-body -X POST "$MIDAN/v1/quotas/raises/$RAISE/approve" \
  -H "authorization: Bearer $SECOND"
echo

curl -sS --fail-with-body "$MIDAN/v1/quotas" \
  -H "authorization: Bearer $OWNER"
echo
