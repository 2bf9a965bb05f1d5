SELECT DISTINCT
  'who@1' AS seenas,
  IPv6NumToString(seen) AS address,
  seen_port AS port,
  workload,
  IPv6NumToString(before) AS before_address,
  before_port,
  IPv6NumToString(destination) AS destination_address,
  destination_port,
  protocol,
  reporter,
  kind AS evidence_kind,
  strength,
  at_us AS first_seen,
  until_us AS last_seen,
  1 AS row_count
FROM seenas.log_rows
WHERE at_us <= 1795338002123456
  AND until_us >= 1795337998123456
  AND seen != toFixedString(unhex('00000000000000000000000000000000'), 16) AND event != 'dropped'
  AND seen = toFixedString(unhex('00000000000000000000ffffcb007107'), 16)
  AND seen_port IN (-1, 1024)
  AND (destination = toFixedString(unhex('00000000000000000000000000000000'), 16) OR destination = toFixedString(unhex('00000000000000000000ffffc6336419'), 16) AND destination_port IN (-1, 25))
ORDER BY first_seen DESC
