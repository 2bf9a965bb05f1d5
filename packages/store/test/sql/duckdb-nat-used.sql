SELECT
  'used@1' AS seenas,
  CASE WHEN seen_port = -2 THEN NULL WHEN (seen_hi = 0 AND seen_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (seen_lo >> 24) & 255, (seen_lo >> 16) & 255, (seen_lo >> 8) & 255, (seen_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (seen_hi >> 48) & 65535, (seen_hi >> 32) & 65535, (seen_hi >> 16) & 65535, (seen_hi >> 0) & 65535, (seen_lo >> 48) & 65535, (seen_lo >> 32) & 65535, (seen_lo >> 16) & 65535, (seen_lo >> 0) & 65535) END AS address,
  workload,
  CASE WHEN before_port = -2 THEN NULL WHEN (before_hi = 0 AND before_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (before_lo >> 24) & 255, (before_lo >> 16) & 255, (before_lo >> 8) & 255, (before_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (before_hi >> 48) & 65535, (before_hi >> 32) & 65535, (before_hi >> 16) & 65535, (before_hi >> 0) & 65535, (before_lo >> 48) & 65535, (before_lo >> 32) & 65535, (before_lo >> 16) & 65535, (before_lo >> 0) & 65535) END AS before_address,
  CASE WHEN destination_port = -2 THEN NULL WHEN (destination_hi = 0 AND destination_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (destination_lo >> 24) & 255, (destination_lo >> 16) & 255, (destination_lo >> 8) & 255, (destination_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (destination_hi >> 48) & 65535, (destination_hi >> 32) & 65535, (destination_hi >> 16) & 65535, (destination_hi >> 0) & 65535, (destination_lo >> 48) & 65535, (destination_lo >> 32) & 65535, (destination_lo >> 16) & 65535, (destination_lo >> 0) & 65535) END AS destination_address,
  CASE WHEN destination_port >= 0 THEN destination_port END AS destination_port,
  protocol,
  kind AS evidence_kind,
  strength,
  MIN(at_us) AS first_seen,
  MAX(at_us + lasted_us) AS last_seen,
  COUNT(*) AS row_count
FROM log_rows
WHERE at_us <= 1795348799999999
  AND at_us + lasted_us >= 1795305600000000
  AND seen_port <> -2 AND event <> 'dropped'
  AND (workload IN ('l3-proxy') OR ((before_hi = 0 AND before_lo = 281470854234846 AND before_port <> -2) OR (before_port = -2 AND (seen_hi = 0 AND seen_lo = 281470854234846 AND seen_port <> -2))) OR ((before_hi = 2306139568115548160 AND before_lo = 5 AND before_port <> -2) OR (before_port = -2 AND (seen_hi = 2306139568115548160 AND seen_lo = 5 AND seen_port <> -2))))
  AND (destination_port = -2 OR ((destination_hi = 0 AND destination_lo BETWEEN 281474007000064 AND 281474007000319 AND destination_port <> -2) OR (destination_hi BETWEEN 2306139568115548160 AND 2306139572410515455 AND destination_port <> -2 AND NOT (destination_hi = 0 AND destination_lo >> 32 = 65535))) AND destination_port IN (-1, 25))
  AND protocol IN ('', 'tcp')
GROUP BY CASE WHEN seen_port = -2 THEN NULL WHEN (seen_hi = 0 AND seen_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (seen_lo >> 24) & 255, (seen_lo >> 16) & 255, (seen_lo >> 8) & 255, (seen_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (seen_hi >> 48) & 65535, (seen_hi >> 32) & 65535, (seen_hi >> 16) & 65535, (seen_hi >> 0) & 65535, (seen_lo >> 48) & 65535, (seen_lo >> 32) & 65535, (seen_lo >> 16) & 65535, (seen_lo >> 0) & 65535) END, workload, CASE WHEN before_port = -2 THEN NULL WHEN (before_hi = 0 AND before_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (before_lo >> 24) & 255, (before_lo >> 16) & 255, (before_lo >> 8) & 255, (before_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (before_hi >> 48) & 65535, (before_hi >> 32) & 65535, (before_hi >> 16) & 65535, (before_hi >> 0) & 65535, (before_lo >> 48) & 65535, (before_lo >> 32) & 65535, (before_lo >> 16) & 65535, (before_lo >> 0) & 65535) END, CASE WHEN destination_port = -2 THEN NULL WHEN (destination_hi = 0 AND destination_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (destination_lo >> 24) & 255, (destination_lo >> 16) & 255, (destination_lo >> 8) & 255, (destination_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (destination_hi >> 48) & 65535, (destination_hi >> 32) & 65535, (destination_hi >> 16) & 65535, (destination_hi >> 0) & 65535, (destination_lo >> 48) & 65535, (destination_lo >> 32) & 65535, (destination_lo >> 16) & 65535, (destination_lo >> 0) & 65535) END, CASE WHEN destination_port >= 0 THEN destination_port END, protocol, kind, strength
ORDER BY last_seen DESC
