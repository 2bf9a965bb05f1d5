SELECT
  'who@1' AS seenas,
  CASE WHEN seen_port = -2 THEN NULL WHEN (seen_hi = 0 AND seen_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (seen_lo >> 24) & 255, (seen_lo >> 16) & 255, (seen_lo >> 8) & 255, (seen_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (seen_hi >> 48) & 65535, (seen_hi >> 32) & 65535, (seen_hi >> 16) & 65535, (seen_hi >> 0) & 65535, (seen_lo >> 48) & 65535, (seen_lo >> 32) & 65535, (seen_lo >> 16) & 65535, (seen_lo >> 0) & 65535) END AS address,
  CASE WHEN seen_port >= 0 THEN seen_port END AS port,
  workload,
  CASE WHEN before_port = -2 THEN NULL WHEN (before_hi = 0 AND before_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (before_lo >> 24) & 255, (before_lo >> 16) & 255, (before_lo >> 8) & 255, (before_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (before_hi >> 48) & 65535, (before_hi >> 32) & 65535, (before_hi >> 16) & 65535, (before_hi >> 0) & 65535, (before_lo >> 48) & 65535, (before_lo >> 32) & 65535, (before_lo >> 16) & 65535, (before_lo >> 0) & 65535) END AS before_address,
  CASE WHEN before_port >= 0 THEN before_port END AS before_port,
  CASE WHEN destination_port = -2 THEN NULL WHEN (destination_hi = 0 AND destination_lo >> 32 = 65535) THEN printf('%d.%d.%d.%d', (destination_lo >> 24) & 255, (destination_lo >> 16) & 255, (destination_lo >> 8) & 255, (destination_lo >> 0) & 255) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', (destination_hi >> 48) & 65535, (destination_hi >> 32) & 65535, (destination_hi >> 16) & 65535, (destination_hi >> 0) & 65535, (destination_lo >> 48) & 65535, (destination_lo >> 32) & 65535, (destination_lo >> 16) & 65535, (destination_lo >> 0) & 65535) END AS destination_address,
  CASE WHEN destination_port >= 0 THEN destination_port END AS destination_port,
  protocol,
  reporter,
  kind AS evidence_kind,
  strength,
  at_us AS first_seen,
  at_us + lasted_us AS last_seen,
  1 AS row_count
FROM log_rows
WHERE at_us <= 1795338002123456
  AND at_us + lasted_us >= 1795337998123456
  AND seen_port <> -2 AND event <> 'dropped'
  AND (seen_hi = 0 AND seen_lo = 281474087547143 AND seen_port <> -2)
  AND seen_port IN (-1, 1024)
  AND (destination_port = -2 OR (destination_hi = 0 AND destination_lo = 281474007000089 AND destination_port <> -2) AND destination_port IN (-1, 25))
ORDER BY first_seen DESC
