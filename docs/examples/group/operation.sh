#!/usr/bin/env bash
# Routes of the group operation. Made of src/http/example-rows.ts by `npm run gen`; do not edit.
# What it needs is in the environment; what it gives to other programs it prints.
set -euo pipefail
: "${MIDAN:?}" "${KEY:?}"

curl -sS --fail-with-body "$MIDAN/health/live"
echo

curl -sS --fail-with-body "$MIDAN/health/ready"
echo

curl -sS --fail-with-body "$MIDAN/metrics" \
  -H "authorization: Bearer $KEY"
echo
