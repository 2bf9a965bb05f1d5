/** A rate limit is waited for. What ends with an error is no answer, even if something was printed. */
export const TAKE = String.raw`# take FILE WHAT-IS-NOT-KNOWN-WITHOUT-IT COMMAND...
limit=
if command -v timeout >/dev/null 2>&1; then limit='timeout 300'; fi
take() {
  file=$1 unknown=$2
  shift 2
  attempt=1
  while :; do
    at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    { $limit "$@" 2>"$out/.errors" </dev/null; echo $? >"$out/.status"; } |
      sed -n '/^[[:space:]]*[[{]/,$p' | jq "$clean" >"$out/.answer" 2>/dev/null
    cleaned=$? status=$(cat "$out/.status") result=written
    [ "$status" -ne 124 ] || echo 'it took too long and was stopped' >>"$out/.errors"
    reason=$(tail -n 3 "$out/.errors" | cut -c 1-400 | jq -R . | jq -s "join(\" \") | $clean")
    if grep -qiE 'rate.?limit|RequestLimitExceeded|Throttling|too ?many ?requests' "$out/.errors" &&
      [ "$status" -ne 0 ] && [ "$attempt" -lt 5 ]; then
      sleep $((attempt * attempt))
      attempt=$((attempt + 1))
      continue
    fi
    break
  done
  if [ "$status" -ne 0 ] || [ "$cleaned" -ne 0 ] || [ ! -s "$out/.answer" ]; then
    result=failed
    grep -qiE 'permission|forbidden|not authorized|Unauthorized|AccessDenied|AuthorizationFailed' "$out/.errors" &&
      result=refused
  elif grep -qiE 'some requests did not succeed|unreachable|partial result' "$out/.errors"; then
    result=part
  fi
  if [ "$result" = written ]; then
    mkdir -p "$(dirname "$out/$file")"
    mv "$out/.answer" "$out/$file"
  else rm -f "$out/.answer"; fi
  [ "$result" != written ] || unknown=
  echo "$result $*" >&2
  jq -n --arg file "$file" --arg command "$*" --arg scope "$scope" --arg at "$at" --arg result "$result" \
    --arg unknown "$unknown" --argjson attempts "$attempt" --argjson reason "$reason" \
    '{$file, $command, $scope, $at, $result, elements: null, $attempts,
      reason: (if $result == "written" then null else $reason end),
      unknown: (if $unknown == "" then null else $unknown end), rights: []}' >>"$out/.entries"
}

# take_pages LIST TOKEN FLAG FILE WHAT-IS-NOT-KNOWN-WITHOUT-IT COMMAND...: one list, only if every page came
take_pages() {
  list=$1 member=$2 flag=$3 whole=$4 missing=$5 page=0 token=
  shift 5
  while :; do
    page=$((page + 1))
    part=$scope/.part/$page-$(basename "$whole")
    if [ -z "$token" ]; then take "$part" "$missing" "$@"; else take "$part" "$missing" "$@" "$flag$token"; fi
    [ -s "$out/$part" ] || return 0
    token=$(jq -r ".$member // \"\"" "$out/$part")
    [ -n "$token" ] || break
  done
  jq -s "{$list: map(.$list) | add}" "$out/$scope"/.part/*-"$(basename "$whole")" >"$out/$whole"
}

# left_out COMMAND WHAT-IS-NOT-KNOWN-WITHOUT-IT
left_out() {
  jq -n --arg command "$1" --arg unknown "$2" --arg scope "$scope" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
    '{file: "", $command, $scope, $at, result: "left-out", elements: null, attempts: 0, reason: null, $unknown, rights: []}' \
    >>"$out/.entries"
}

# merge SOURCE LIST FILE: one list of all answers, only if every one of them came
merge() {
  asked=$(jq "[$2] | length" "$1")
  set -- "$3" "$out/$scope"/.part/*-"$3"
  [ "$asked" -gt 0 ] || { echo '[]' >"$out/$scope/$1"; return; }
  name=$1
  shift
  [ "$#" -eq "$asked" ] && [ -e "$1" ] && jq -s add "$@" >"$out/$scope/$name"
}
`;

/** The manifest and the archive. */
export const TAIL = String.raw`jq -s --arg provider "$provider" --arg scopes "$scopes" --arg startedAt "$started" \
  --arg finishedAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  '{schema: "seenas/collected@1", $provider, scopes: ($scopes | split(" ")), $startedAt, $finishedAt, entries: .}' \
  "$out/.entries" >"$out/manifest.json"
rm -f "$out/.entries" "$out/.errors" "$out/.status"
tar -czf "$out.tar.gz" "$out" && echo "send back $out.tar.gz" >&2
`;
