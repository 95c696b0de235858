#!/usr/bin/env bash
# Routes of the group settings. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${OWNER:?}" "${HEADQUARTERS:?}" "${SECOND:?}" "${OUTLET:?}" "${SESSION:?}" "${TODAY:?}"

# The member of the JSON on standard input, by its path.
member() {
  node -e 'let value = JSON.parse(require("fs").readFileSync(0, "utf8"));
    for (const name of process.argv[1].split(".")) value = value[name];
    console.log(value)' "$1"
}

curl -sS --fail-with-body "$MIDAN/v1/organisations/$HEADQUARTERS/settings" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body "$MIDAN/v1/organisations/$HEADQUARTERS/settings/mask-profile" \
  -H "authorization: Bearer $OWNER"
echo

answer=$(curl -sS --fail-with-body -X PUT "$MIDAN/v1/organisations/$HEADQUARTERS/settings/mask-profile" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"value":"gb41833","mode":"delegated","reason":"放权"}
BODY
)
PROPOSAL=$(member proposal <<< "$answer")
echo "PROPOSAL=$PROPOSAL"

curl -sS --fail-with-body "$MIDAN/v1/setting-proposals" \
  -H "authorization: Bearer $SECOND"
echo

curl -sS --fail-with-body -X POST "$MIDAN/v1/setting-proposals/$PROPOSAL/approve" \
  -H "authorization: Bearer $SECOND"
echo

curl -sS --fail-with-body -X PUT "$MIDAN/v1/organisations/$OUTLET/settings/mask-profile" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"value":"strict","reason":"收紧"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/organisations/$OUTLET/settings/mask-profile/history" \
  -H "authorization: Bearer $OWNER"
echo

answer=$(curl -sS --fail-with-body "$MIDAN/v1/authorisations" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "from": "$OUTLET",
  "setting": "mask-profile",
  "wanted": "full",
  "reason": "旧系统"
}
BODY
)
AUTHORISATION=$(member id <<< "$answer")
echo "AUTHORISATION=$AUTHORISATION"

curl -sS --fail-with-body "$MIDAN/v1/authorisations/$AUTHORISATION/answer" \
  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' --data-binary @- <<BODY
{"answer":"granted","by":"$HEADQUARTERS","reason":"同意"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/authorisations" \
  -H "authorization: Bearer $OWNER"
echo

curl -sS --fail-with-body "$MIDAN/v1/simulations/seen" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{"role":"courier","on":"$TODAY"}
BODY
echo

curl -sS --fail-with-body "$MIDAN/v1/simulations/denied" \
  -H "authorization: Bearer $SESSION" -H 'content-type: application/json' --data-binary @- <<BODY
{
  "setting": "quota-person-day",
  "value": "1",
  "organisation": "$HEADQUARTERS",
  "on": "$TODAY"
}
BODY
echo
