SELECT
  'used@1' AS seenas,
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
WHERE at_us <= 1795348799999999
  AND until_us >= 1795305600000000
  AND seen != toFixedString(unhex('00000000000000000000000000000000'), 16) AND event != 'dropped'
  AND (workload IN ('l3-proxy') OR if(before = toFixedString(unhex('00000000000000000000000000000000'), 16), seen, before) = toFixedString(unhex('00000000000000000000ffff0a4802de'), 16) OR if(before = toFixedString(unhex('00000000000000000000000000000000'), 16), seen, before) = toFixedString(unhex('20010db8000000000000000000000005'), 16))
  AND (destination = toFixedString(unhex('00000000000000000000000000000000'), 16) OR ((destination >= toFixedString(unhex('00000000000000000000ffffc6336400'), 16) AND destination <= toFixedString(unhex('00000000000000000000ffffc63364ff'), 16)) OR (destination >= toFixedString(unhex('20010db8000000000000000000000000'), 16) AND destination <= toFixedString(unhex('20010db8ffffffffffffffffffffffff'), 16))) AND destination_port IN (-1, 25))
  AND protocol IN ('none', 'tcp')
GROUP BY IPv6NumToString(seen), workload, IPv6NumToString(before), IPv6NumToString(destination), destination_port, protocol, kind, strength
ORDER BY last_seen DESC
