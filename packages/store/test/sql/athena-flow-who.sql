WITH records AS (
  SELECT
    start AS at_second,
    "end" AS until_second,
    srcaddr AS address,
    CASE WHEN protocol IN (6, 17) THEN srcport END AS port,
    CAST(NULL AS varchar) AS workload,
    CAST(NULL AS varchar) AS before_address,
    CAST(NULL AS integer) AS before_port,
    dstaddr AS destination_address,
    CASE WHEN protocol IN (6, 17) THEN dstport END AS destination_port,
    CASE protocol WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' END AS protocol,
    interface_id AS reporter,
    'aws-flow-log' AS evidence_kind,
    'destination-observed' AS strength
  FROM "vpc_flow_logs"
  WHERE "date" BETWEEN DATE '2026-11-21' AND DATE '2026-11-23'
    AND log_status = 'OK'
    AND action = 'ACCEPT'
    AND flow_direction = 'ingress'
)
SELECT
  'who@1' AS seenas,
  address,
  port,
  workload,
  before_address,
  before_port,
  destination_address,
  destination_port,
  protocol,
  reporter,
  evidence_kind,
  strength,
  to_iso8601(from_unixtime(at_second)) AS first_seen,
  to_iso8601(from_unixtime(until_second)) AS last_seen,
  1 AS row_count
FROM records
WHERE at_second <= 1795338002
  AND until_second >= 1795337998
  AND address IS NOT NULL
  AND TRY(CAST(address AS IPADDRESS)) = CAST('203.0.113.7' AS IPADDRESS)
  AND (port IS NULL OR port = 1024)
  AND (destination_address IS NULL OR TRY(CAST(destination_address AS IPADDRESS)) = CAST('198.51.100.25' AS IPADDRESS) AND (destination_port IS NULL OR destination_port = 25))
ORDER BY first_seen DESC
