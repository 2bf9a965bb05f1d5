SELECT
  'seen@1' AS seenas,
  IPv6NumToString(seen) AS address,
  workload,
  IPv6NumToString(before) AS before_address,
  IPv6NumToString(destination) AS destination_address,
  destination_port,
  protocol,
  kind AS evidence_kind,
  strength,
  MIN(at_us) AS first_seen,
  MAX(until_us) AS last_seen,
  uniqExact(seen, seen_port, at_us, until_us, before, before_port, destination, destination_port, workload, reporter, protocol, kind, strength, event) AS row_count
FROM seenas.log_rows
WHERE until_us >= 1795305600000000
  AND seen != toFixedString(unhex('00000000000000000000000000000000'), 16) AND event != 'dropped'
  AND seen = toFixedString(unhex('20010db8000000000000000000000007'), 16)
GROUP BY IPv6NumToString(seen), workload, IPv6NumToString(before), IPv6NumToString(destination), destination_port, protocol, kind, strength
ORDER BY last_seen DESC
